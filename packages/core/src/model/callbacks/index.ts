/** The callbacks, as classes. */
export { BaseCallback, type BatchReport, type Callback, type CallbackModel, type CallbackState, type FitContext, type FitParams, type Logs, type RunPosition } from './callback.ts';
export { History } from './history.ts';
export { ProgressBar, /** Keras's name of ProgressBar. */ ProgressBar as ProgbarLogger, type ProgressOptions, type ProgressWriter } from './progressBar.ts';
export { EarlyStopping, type EarlyStoppingOptions } from './earlyStopping.ts';
export { ModelCheckpoint, type ModelCheckpointOptions } from './modelCheckpoint.ts';
export { BackupAndRestore, type BackupOptions } from './backupAndRestore.ts';
export { CSVLogger, type CSVLoggerOptions } from './csvLogger.ts';
export { LearningRateScheduler, ReduceLROnPlateau, type ReduceLROnPlateauOptions } from './learningRate.ts';
export { RemoteMonitor, type RemoteMonitorOptions } from './remoteMonitor.ts';
export { SwapEMAWeights, type SwapEMAWeightsOptions } from './swapEMAWeights.ts';
export { TensorBoard, type TensorBoardOptions } from './tensorBoard.ts';
export { LambdaCallback, TerminateOnNaN } from './simple.ts';
export type { MonitorMode } from './monitor.ts';
