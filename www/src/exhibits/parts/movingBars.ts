/** Bars slide to where another order puts them, so that one sees which went where. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Bar, barsBetween } from '../../plots/bars';
import { still } from './hooks';

const SLIDE_MS = 420;

const eased = (t: number) => 1 - (1 - t) ** 3;

interface Standing {
  bars: readonly Bar[];
  /** Names the room they stand in: where that changes, nothing slides. */
  box: string;
}

export function useMovingBars(bars: readonly Bar[], box: string): readonly Bar[] {
  const [shown, setShown] = useState<Standing>({ bars, box });
  const now = useRef(shown);
  useEffect(() => {
    const from = now.current;
    const show = (some: readonly Bar[]) => {
      now.current = { bars: some, box };
      setShown(now.current);
    };
    if (from.bars === bars && from.box === box) return;
    if (from.box !== box || from.bars.length !== bars.length || still.peek()) {
      show(bars);
      return;
    }
    const start = performance.now();
    const step = (time: number) => {
      const share = Math.min(1, Math.max(0, (time - start) / SLIDE_MS));
      show(share < 1 ? barsBetween(from.bars, bars, eased(share)) : bars);
      if (share < 1) due = requestAnimationFrame(step);
    };
    let due = requestAnimationFrame(step);
    return () => cancelAnimationFrame(due);
  }, [bars, box]);
  return shown.box === box && shown.bars.length === bars.length ? shown.bars : bars;
}
