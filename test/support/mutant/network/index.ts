/** What another team's stack gives others: names of what it has made. */
export const bucket = "network-archive";
/** Name of a Secret. */
export const secret = "network-tls";
/** How long it keeps things. */
export const days = 50;
