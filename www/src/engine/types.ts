/**
 * Every type that crosses between Rust and the page is written once, in Rust, and read here from
 * what the build generates. A few take the names that the page knows them by.
 */
export type {
  AlarmKind,
  Area,
  Asked,
  AtSize,
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
  FindingFacts,
  FindingTrial,
  findings,
  findingTrials,
  formatLink,
  GalleryItem,
  ImageAttack,
  Job,
  JobResult,
  judge,
  Lab,
  LearnParams as LearnSettings,
  Manifest,
  Measure,
  Method as AttackMethod,
  NetworkDifference,
  NetworkFacts,
  Norm,
  Outcome as TrialResult,
  ParsedLink,
  Progress,
  PruneParams as PruneSettings,
  parseLink,
  Recipe,
  Row as SweepRow,
  ScoreParams as ScoreSettings,
  Scores,
  Set as ImageSet,
  Setting,
  Step,
  Summed,
  sweepAreas,
  sweepAxes,
  sweepCells,
  sweepSummary,
  TrainParams as TrainSettings,
  Trajectory,
  Verdict,
  View,
} from '../generated/secateurs';

/** Shares, from 0 to 1, of the training images watched that withstand each attack. */
export interface Watched {
  epoch: number;
  fgsm: number;
  pgd: number;
}
