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
  Job,
  JobResult,
  Lab,
  LearnParams as LearnSettings,
  Manifest,
  Method as AttackMethod,
  NetworkDifference,
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

/** Shares, from 0 to 1, of the training images watched that withstand each attack. */
export interface Watched {
  epoch: number;
  fgsm: number;
  pgd: number;
}
