import { describe, expect, it } from 'vitest';
import { Restarts } from '../../../src/engine/restarts';

describe('restarts', () => {
  it('come ever later while nothing is done, and then end', () => {
    const restarts = new Restarts(() => 0);
    const rests = Array.from({ length: 5 }, () => restarts.died());
    expect(rests).toEqual([0, 250, 500, 1000, null]);
    restarts.again();
    expect(restarts.died()).toBe(0);
  });

  it('begin anew once something was done, or a while has passed', () => {
    let now = 0;
    const restarts = new Restarts(() => now);
    for (let death = 0; death < 4; death++) restarts.died();
    restarts.did();
    expect(restarts.died()).toBe(0);
    for (let death = 0; death < 3; death++) restarts.died();
    now = 100_000;
    expect(restarts.died()).toBe(0);
  });

  it('end where they come too often, whatever is done in between', () => {
    let now = 0;
    const restarts = new Restarts(() => now);
    let deaths = 0;
    while (deaths < 100 && restarts.died() !== null) {
      restarts.did();
      now += 100;
      deaths++;
    }
    expect(deaths).toBe(29);
    restarts.again();
    for (deaths = 0; deaths < 100; deaths++) {
      expect(restarts.died()).toBe(0);
      restarts.did();
      now += 2500;
    }
  });
});
