import { findOnPath, install, say } from "./packages";

/** Debian's packages, as the image of Omniverse's jobs has them. */
const commands = ["restic", "rclone"] as const;

/**
 * Finds restic and rclone, or installs Debian's.
 * @throws Error with one line that names what is missing.
 */
export function ensureRestic(): void {
  for (const name of commands) {
    const works = () => {
      const file = findOnPath(name);
      return file !== undefined && say(file, ["version"]).ok;
    };
    if (works()) continue;
    install(name, name);
    if (!works()) throw new Error(`${name} is installed, and ${name} version fails`);
  }
}
