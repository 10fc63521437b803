// Runs the doubles that jobs call hundreds of times within one process: node alone takes a tenth of a second and more to
// start. A client (host.sh) says its name and process; arguments, environment, folder and umask are read from the kernel.
const fs = require("node:fs");
const net = require("node:net");
const path = require("node:path");
const { createRequire } = require("node:module");
const vm = require("node:vm");

const [folder] = process.argv.slice(2);
const compiled = new Map();

class Exit {
  constructor(code) {
    this.code = code;
  }
}

/** A script as a function. */
function compile(file) {
  if (!compiled.has(file)) {
    const text = fs.readFileSync(file, "utf8").replace(/^#!.*/, "");
    const names = ["module", "exports", "require", "process", "console", "__dirname"];
    compiled.set(file, vm.compileFunction(text, names, { filename: file }));
  }
  return compiled.get(file);
}

/** Runs a script; modules beside it are made anew for each call, as in a process of its own. */
function load(file, fake) {
  const module = { exports: {} };
  const real = createRequire(file);
  const require = (name) => (name.startsWith(".") ? load(real.resolve(name), fake) : real(name));
  const log = (stream) => (text) => stream.write(`${text}\n`);
  const console = { log: log(fake.stdout), error: log(fake.stderr) };
  compile(file)(module, module.exports, require, fake, console, path.dirname(file));
  return module.exports;
}

const words = (file) => fs.readFileSync(file, "utf8").split("\0").slice(0, -1);

function call(name, pid) {
  const output = [];
  const errors = [];
  const file = path.join(__dirname, name);
  const into = (list) => ({ write: (text) => list.push(Buffer.from(text)) > 0 });
  const entry = (one) => [one.slice(0, one.indexOf("=")), one.slice(one.indexOf("=") + 1)];
  const own = {
    // The client's are bash, its file, and what it was given.
    argv: [process.argv[0], file, ...words(`/proc/${pid}/cmdline`).slice(2)],
    env: Object.fromEntries(words(`/proc/${pid}/environ`).map(entry)),
    exit: (code = 0) => {
      throw new Exit(code);
    },
    stdout: into(output),
    stderr: into(errors),
  };
  const fake = Object.create(process, Object.fromEntries(Object.entries(own).map(([key, value]) => [key, { value }])));
  process.chdir(fs.readlinkSync(`/proc/${pid}/cwd`));
  process.umask(Number.parseInt(/^Umask:\s*(\d+)$/m.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))[1], 8));
  let code = 0;
  try {
    load(file, fake);
  } catch (thrown) {
    if (!(thrown instanceof Exit)) errors.push(Buffer.from(`${thrown?.stack ?? thrown}\n`));
    code = thrown instanceof Exit ? thrown.code : 1;
  }
  process.umask(0o077);
  return { code, output: Buffer.concat(output), errors: Buffer.concat(errors) };
}

let calls = 0;
const server = net.createServer((client) => {
  const made = [];
  const keep = (bytes) => {
    if (bytes.length === 0) return "-";
    const file = path.join(folder, `answer-${calls++}`);
    fs.writeFileSync(file, bytes);
    made.push(file);
    return file;
  };
  client.once("data", (data) => {
    const [name, pid] = String(data).trim().split(" ");
    try {
      const { code, output, errors } = call(name, Number(pid));
      client.write(`${code} ${keep(output)} ${keep(errors)}\n`);
    } catch (error) {
      // A client that was killed while it asked has no files to read; it hears nothing of this.
      console.error(`${name}: ${error.stack}`);
      client.destroy();
    }
  });
  client.on("error", () => undefined);
  client.on("close", () => made.forEach((file) => void fs.rmSync(file, { force: true })));
});
server.listen(0, "127.0.0.1", () => {
  fs.writeFileSync(path.join(folder, "port.new"), String(server.address().port));
  fs.renameSync(path.join(folder, "port.new"), path.join(folder, "port"));
});
// With whom it works for.
process.stdin.on("end", () => process.exit(0)).resume();
