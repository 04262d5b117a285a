/** What a visitor can take away; see `actions.ts`. */
import { engineRunning } from './actions';
import { Files, nameOf, type TakenFile } from './engine/files';
import { notify } from './engine/notices';
import type { NetworkFormat } from './engine/types';
import { save } from './plots/download';
import { network, recipe } from './state';

let files: { of: unknown; all: Files } | null = null;

function running(): Files {
  const engine = engineRunning();
  // Other images have another engine.
  if (engine && files?.of !== engine) files = { of: engine, all: new Files(engine) };
  if (!files) throw new Error('The engine has not started yet; try again in a moment.');
  return files.all;
}

/** Makes a file and saves it, or says why not. */
async function saved(make: () => Promise<TakenFile>): Promise<void> {
  try {
    const { name, bytes } = await make();
    save(new Blob([bytes]), name);
  } catch (error) {
    notify('problem', error instanceof Error ? error.message : String(error));
  }
}

/** The network on screen as a file of another tool, masks applied. */
export function takeNetwork(format: NetworkFormat): void {
  void saved(() => running().network(format));
}

/** A kept network as a file, masks applied. */
export function takeKept(digest: string): void {
  void saved(() => running().kept(digest, 'safetensors'));
}

/** The recipe as the command line and the page read it. */
export function takeRecipe(): void {
  const text = `${JSON.stringify(recipe.peek(), null, 2)}\n`;
  const digest = network.peek()?.digest;
  const name = digest ? nameOf(digest) : 'secateurs';
  save(new Blob([text], { type: 'application/json' }), `${name}-recipe.json`);
}

/** The script for PyTorch with its weights and the recipe, in one zip. */
export function takeExperiment(): void {
  void saved(() => running().experiment());
}

/** The script alone; null where it cannot be made, and a notice says why. */
export async function experimentText(): Promise<string | null> {
  try {
    return await running().script();
  } catch (error) {
    notify('problem', error instanceof Error ? error.message : String(error));
    return null;
  }
}

/** Tables, each as a text of comma-separated values, in one zip. */
export function takeTables(tables: readonly { name: string; text: string }[]): void {
  const digest = network.peek()?.digest;
  const name = digest ? nameOf(digest) : 'secateurs';
  void saved(() => running().zip(`${name}-figures.zip`, tables));
}
