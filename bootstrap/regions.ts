import * as aws from "@pulumi/aws";

/** The two regions of an account, reached by a provider each. */
export interface Regions {
  main: aws.Provider;
  replica: aws.Provider;
}

/** Where something is kept. */
export interface Kept {
  account: string;
  region: string;
  replica: string;
  profile?: string | undefined;
}

/** Providers of an account's two regions, and of no other account by accident. */
export function regionsOf(name: string, { account, region, replica, profile }: Kept): Regions {
  const provider = (as: string, at: string) =>
    new aws.Provider(as, {
      region: at as aws.Region,
      allowedAccountIds: [account],
      ...(profile === undefined ? {} : { profile }),
    });
  return { main: provider(name, region), replica: provider(`${name}-replica`, replica) };
}
