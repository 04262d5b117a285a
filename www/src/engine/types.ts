/**
 * Every type that crosses between Rust and the page is written once, in Rust, and read here from
 * what the build generates. A few take the names that the page knows them by.
 */
export type {
  AlarmKind,
  AttackBlock,
  AttackParams as AttackSettings,
  Check,
  ChunkInfo,
  Count,
  checkRecipe,
  checks,
  DataStatus,
  DistortionResult,
  Evidence,
  formatLink,
  GalleryItem,
  ImageAttack,
  Lab,
  LearnParams as LearnSettings,
  Manifest,
  Method as AttackMethod,
  NetworkFacts,
  Norm,
  ParsedLink,
  Progress,
  PruneParams as PruneSettings,
  parseLink,
  Recipe,
  ScoreParams as ScoreSettings,
  Scores,
  Set as ImageSet,
  Step,
  TrainParams as TrainSettings,
  Trajectory,
  View,
} from '../generated/secateurs';

import type { Job as CoreJob, JobResult as CoreResult } from '../generated/secateurs';
import type { Trial, TrialResult } from './trials';

export type Job = CoreJob | ({ job: 'trial' } & Trial);
export type JobResult = CoreResult | ({ job: 'trial' } & TrialResult);
