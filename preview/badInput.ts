/** Something the person who started the command has to mend: printed as it is, without a stack trace, exit code 2. */
export class BadInput extends Error {
  override name = "BadInput";
}
