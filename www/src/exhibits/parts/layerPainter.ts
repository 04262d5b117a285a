/**
 * Paints one layer of tiles, and moves it where it changes: a hatch is drawn over what is cut, and
 * tiles slide where they are sorted. Whatever is under way can be turned around at any time.
 */
import type { Box, LayerLayout, TileLayout } from '../../plots/tileLayout';
import type { Atlas } from './atlas';
import type { ink } from './ink';
import {
  clear,
  type Frames,
  type Outputs,
  paintFrames,
  paintMarks,
  paintOutputs,
  paintPatterns,
  restingScene,
  type Scene,
  sized,
} from './tilePainting';

/** How long a hatch takes to be drawn, and tiles to change places. */
const HATCH_MS = 240;
const SLIDE_MS = 420;

/** Everything that a layer shows. */
export interface LayerPicture {
  layout: TileLayout;
  place: LayerLayout;
  /** The part of the layer that the canvases show. */
  window: Box;
  /** The unit at each place. */
  order: readonly number[];
  /** Null while it is being painted. */
  atlas: Atlas | null;
  colours: (typeof ink)['value'];
  distortion: readonly number[] | null;
  cut: ReadonlySet<number>;
  about: ReadonlySet<number>;
  outputs: Outputs | null;
  marked: ReadonlySet<number>;
  /** The visitor asked for no motion. */
  still: boolean;
}

/** Canvases from below to above: patterns; frames and hatches; bars and marks. */
export type Sheets = readonly [HTMLCanvasElement, HTMLCanvasElement, HTMLCanvasElement];

const eased = (t: number) => 1 - (1 - t) ** 3;

export class LayerPainter {
  readonly #sheets: Sheets;
  #shown: LayerPicture | null = null;
  /** Where the tiles are now, and where they go. */
  #scene: Scene | null = null;
  #goal: Scene | null = null;
  #from: Scene | null = null;
  #slideStart = 0;
  /** How much of each unit's hatch is drawn, and the units where that changes. */
  #hatch = new Float32Array(0);
  readonly #changing = new Set<number>();
  #frame = 0;
  #before = 0;

  constructor(sheets: Sheets) {
    this.#sheets = sheets;
  }

  show(next: LayerPicture): void {
    const before = this.#shown;
    this.#shown = next;
    const moved = this.#aim(before, next);
    const repainted = moved || before?.colours !== next.colours;
    const hatched = this.#retarget(before, next);
    if (repainted || before?.atlas !== next.atlas) this.#paintPatterns();
    if (repainted || before?.distortion !== next.distortion) this.#paintFrames();
    else if (hatched.length > 0) this.#paintFrames(hatched);
    const same = before?.outputs === next.outputs && before?.marked === next.marked;
    if (repainted || !same) this.#paintAbove();
    if (this.#isMoving && this.#frame === 0) {
      this.#before = performance.now();
      this.#frame = requestAnimationFrame(this.#step);
    }
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  get #isMoving(): boolean {
    return this.#from !== null || this.#changing.size > 0;
  }

  /** Where the tiles belong; whether they have to be painted anew at once. */
  #aim(before: LayerPicture | null, next: LayerPicture): boolean {
    const { layout, place, window, order, still } = next;
    const sameBox = before?.layout === layout && before.window === window;
    if (sameBox && before.order === order) return false;
    this.#goal = restingScene(layout, place, order, window);
    const slides = sameBox && !still && this.#scene !== null;
    if (slides) {
      this.#from = this.#scene;
      this.#slideStart = performance.now();
      return false;
    }
    this.#from = null;
    this.#scene = this.#goal;
    return true;
  }

  /** Begins to draw or take away hatches; the units that have to be painted at once. */
  #retarget(before: LayerPicture | null, next: LayerPicture): number[] {
    const { units } = next.place;
    const fresh = this.#hatch.length !== units;
    if (fresh) {
      this.#hatch = new Float32Array(units);
      this.#changing.clear();
    }
    const goal = (unit: number) => (next.cut.has(unit) || next.about.has(unit) ? 1 : 0);
    const now: number[] = [];
    for (let unit = 0; unit < units; unit += 1) {
      if (fresh || next.still) {
        if (this.#hatch[unit] !== goal(unit)) now.push(unit);
        this.#hatch[unit] = goal(unit);
        this.#changing.delete(unit);
      } else if (this.#hatch[unit] !== goal(unit)) this.#changing.add(unit);
      else this.#changing.delete(unit);
      // From about to be cut to cut, or back.
      if (before && before.cut.has(unit) !== next.cut.has(unit)) now.push(unit);
    }
    return now;
  }

  readonly #step = (time: number): void => {
    this.#frame = 0;
    const picture = this.#shown;
    if (!picture) return;
    const passed = Math.max(0, Math.min(50, time - this.#before));
    this.#before = time;
    const changed = [...this.#changing];
    for (const unit of changed) this.#wipe(unit, passed / HATCH_MS, picture);
    if (this.#slide(time)) {
      this.#paintPatterns();
      this.#paintFrames();
      this.#paintAbove();
    } else if (changed.length > 0) this.#paintFrames(changed);
    if (this.#isMoving) this.#frame = requestAnimationFrame(this.#step);
  };

  #wipe(unit: number, by: number, { cut, about }: LayerPicture): void {
    const goal = cut.has(unit) || about.has(unit) ? 1 : 0;
    const now = this.#hatch[unit] ?? 0;
    this.#hatch[unit] = goal > now ? Math.min(1, now + by) : Math.max(0, now - by);
    if (this.#hatch[unit] === goal) this.#changing.delete(unit);
  }

  /** Moves the tiles on; whether they moved. */
  #slide(time: number): boolean {
    const [from, goal] = [this.#from, this.#goal];
    if (!from || !goal) return false;
    const share = Math.min(1, Math.max(0, (time - this.#slideStart) / SLIDE_MS));
    if (share === 1) {
      this.#from = null;
      this.#scene = goal;
      return true;
    }
    const between = (a: Float32Array, b: Float32Array) =>
      a.map((value, unit) => value + ((b[unit] ?? 0) - value) * eased(share));
    this.#scene = { ...goal, x: between(from.x, goal.x), y: between(from.y, goal.y) };
    return true;
  }

  #paintPatterns(): void {
    const [scene, atlas] = [this.#scene, this.#shown?.atlas];
    if (!scene) return;
    const context = sized(this.#sheets[0], scene.window);
    if (atlas) paintPatterns(context, scene, atlas, this.#from !== null);
    else clear(context, scene);
  }

  #paintFrames(some?: Iterable<number>): void {
    const [scene, picture] = [this.#scene, this.#shown];
    if (!scene || !picture) return;
    const frames: Frames = {
      colours: picture.colours,
      distortion: picture.distortion,
      hatched: (unit) => this.#hatch[unit] ?? 0,
      pruned: (unit) => picture.cut.has(unit),
    };
    // Tiles on their way lie over each other: then all are painted.
    const only = this.#from ? undefined : some;
    paintFrames(sized(this.#sheets[1], scene.window), scene, frames, only);
  }

  #paintAbove(): void {
    const [scene, picture] = [this.#scene, this.#shown];
    if (!scene || !picture) return;
    const context = sized(this.#sheets[2], scene.window);
    clear(context, scene);
    const { colours, outputs, marked } = picture;
    if (outputs) paintOutputs(context, scene, colours, outputs);
    paintMarks(context, scene, colours, marked);
  }
}
