/** What is asked for below the lab, all on one farm. */
import { Core } from './core';
import type { Engine } from './engine';
import { Findings } from './findings';
import { Race } from './race';
import { Sweeping } from './sweep';

export class Trials {
  readonly findings: Findings;
  readonly race: Race;
  readonly sweep: Sweeping;

  constructor({ session, farm, checkpoints }: Pick<Engine, 'session' | 'farm' | 'checkpoints'>) {
    const core = new Core(session);
    this.findings = new Findings(core, farm);
    this.race = new Race(core, farm, checkpoints);
    this.sweep = new Sweeping(core, farm, checkpoints);
  }
}
