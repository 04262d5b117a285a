/** What a visitor can do with what is kept on this device; see `actions.ts`. */
import { forgetTheme } from './exhibits/parts/theme';
import { keeper } from './storage';
import { erase } from './storage/room';

/** Deletes whatever this page keeps of the visitor; whether all of it is gone. */
export async function forgetAll(): Promise<boolean> {
  forgetTheme();
  try {
    const { forget } = await import('./lessons/store');
    await forget();
  } catch {
    // What is of lessons is in the database, too.
  }
  const gone = await erase();
  keeper.forgot();
  return gone;
}
