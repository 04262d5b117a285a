/** The browsers beside Chromium that are here. */
import { type Driven, firefox } from './firefox.ts';
import { webkit } from './webkit.ts';

const { SECATEURS_FIREFOX, SECATEURS_WEBKIT_DRIVER, SECATEURS_WEBKIT } = process.env;

/** Null stands for one that is not. */
export const BROWSERS: [name: string, start: (() => Promise<Driven>) | null][] = [
  ['Firefox', SECATEURS_FIREFOX ? () => firefox(SECATEURS_FIREFOX) : null],
  [
    'WebKit',
    SECATEURS_WEBKIT_DRIVER && SECATEURS_WEBKIT
      ? () => webkit(SECATEURS_WEBKIT_DRIVER, SECATEURS_WEBKIT)
      : null,
  ],
];
