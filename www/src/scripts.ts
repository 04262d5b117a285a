/**
 * The scripts that the page starts beside its own: of a text as an address, a browser with Trusted
 * Types starts none, only what this policy gives (`trusted-types` in build/headers.ts). It knows
 * two, whatever it is asked.
 */
import worker from './engine/worker?worker&url';

interface Policy {
  createScriptURL(which: string): string;
}

const addresses: Readonly<Record<string, string>> = {
  worker,
  offline: './service-worker.js',
};

const rules: Policy = {
  createScriptURL(which) {
    const address = Object.hasOwn(addresses, which) ? addresses[which] : undefined;
    if (address === undefined) throw new TypeError(`The page has no script “${which}”.`);
    return address;
  },
};

const { trustedTypes } = globalThis as {
  trustedTypes?: { createPolicy(name: string, rules: Policy): Policy };
};

const policy = trustedTypes?.createPolicy('secateurs', rules) ?? rules;

/** The address of one of them, as whatever starts it takes it. */
export const script = (which: 'worker' | 'offline'): string => policy.createScriptURL(which);
