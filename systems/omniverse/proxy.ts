import { behindWaits, type ProxiedArgs } from "./edgeConfig";
import { FOLDERS, SERVER_FOLDERS, serviceHost, services } from "./names";

/** Where people's paths lead, longest first: as the vendor's own front has them, and the runbook's API. */
const routes = [
  ["/omni/discovery", "discovery"],
  ["/omni/auth", "authentication"],
  ["/omni/", "server"],
  ["/api/", "server"],
  ["/", "navigator"],
] as const;

/**
 * Settings of nginx. `/health` is the answer of the server behind it: a front that answers for itself says that all is
 * well while nobody can work. Its own life is asked for at `/alive`.
 */
export function proxySettings({ namespace, edge }: ProxiedArgs): string {
  const waits = behindWaits(edge);
  const locations = routes.map(
    ([path, to]) => `
    location ${path} {
      proxy_pass https://${to};
      proxy_ssl_name ${serviceHost(to, namespace)};
    }`,
  );
  const upstreams = [...new Set(routes.map(([, to]) => to))].map(
    (name) => `
  upstream ${name} {
    server ${serviceHost(name, namespace)}:${services[name].port};
    keepalive 32;
  }`,
  );
  return `worker_processes auto;
pid ${FOLDERS.run}/nginx.pid;
error_log stderr warn;

events {
  worker_connections 4096;
}

http {
  client_body_temp_path ${FOLDERS.run}/body;
  proxy_temp_path ${FOLDERS.run}/proxy;
  fastcgi_temp_path ${FOLDERS.run}/fastcgi;
  uwsgi_temp_path ${FOLDERS.run}/uwsgi;
  scgi_temp_path ${FOLDERS.run}/scgi;

  # One file for each pod, because several write to the one volume, and each day, so that the days before grow old.
  map $time_iso8601 $day {
    default unknown;
    "~^(?<date>\\d{4}-\\d{2}-\\d{2})" $date;
  }
  log_format line '$time_iso8601 $remote_addr "$request_method $uri" $status $body_bytes_sent $request_time';
  access_log ${SERVER_FOLDERS.logs}/nginx-$hostname.log.$day line;
  open_log_file_cache max=4 inactive=60s;
  # nginx writes to a log whose name has variables only where its root is there; nothing is served from it.
  # https://nginx.org/en/docs/http/ngx_http_log_module.html
  root ${FOLDERS.run};

  map $http_upgrade $connection_kind {
    default upgrade;
    "" "";
  }
${upstreams.join("\n")}

  server {
    listen ${services.edge.port} ssl;
    server_tokens off;
    ssl_certificate ${FOLDERS.tls}/tls.crt;
    ssl_certificate_key ${FOLDERS.tls}/tls.key;
    ssl_protocols TLSv1.2 TLSv1.3;

    # A file of a project may be of any size; it is passed on as it comes, both ways: nothing here has room for it.
    client_max_body_size 0;
    proxy_request_buffering off;
    proxy_buffering off;

    # The load balancer ends what is silent; whoever stands behind it waits longer.
    keepalive_timeout ${waits}s;
    client_body_timeout ${waits}s;
    send_timeout ${waits}s;
    proxy_read_timeout ${waits}s;
    proxy_send_timeout ${waits}s;

    proxy_http_version 1.1;
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto https;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_kind;
    proxy_ssl_server_name on;
    proxy_ssl_verify on;
    proxy_ssl_trusted_certificate ${FOLDERS.tls}/ca.crt;

    location = /alive {
      access_log off;
      return 200 "alive\\n";
    }

    location = /health {
      access_log off;
      proxy_connect_timeout 3s;
      proxy_read_timeout 5s;
      proxy_pass https://server/health;
      proxy_ssl_name ${serviceHost("server", namespace)};
    }
${locations.join("\n")}
  }
}
`;
}
