/** What is kept on this device; fetched when the page stands. */
import { engineRunning } from '../actions';
import { Keeper } from './keeper';
import { documents } from './room';
import { Tab } from './tab';

export const keeper = new Keeper(documents, new Tab(), engineRunning);
