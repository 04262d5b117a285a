/** The page's database, opened when it is first asked for; what goes wrong is told here. */
import { dismissNotice, notify } from '../engine/notices';
import { Database } from './database';
import { Documents } from './documents';
import { Notes } from './notes';
import { SENTENCES, type Trouble } from './troubles';

/** What was told, until something is written again after all. */
let told: { trouble: Trouble; notice: number } | null = null;

const database = new Database({
  onOutcome: (trouble, wrote) => {
    if (trouble === null ? wrote : trouble !== told?.trouble) {
      if (told) dismissNotice(told.notice);
      told = trouble && { trouble, notice: notify('info', SENTENCES[trouble]) };
    }
  },
});

export const documents = new Documents(database);
export const notes = new Notes(database);

/** Deletes all of it; whether that worked. */
export const erase = (): Promise<boolean> => database.erase();
