import fc from "fast-check";

/** A run of the tests can be repeated; another seed looks elsewhere. */
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20_261_121) });
