/** Files as samples: images, sounds and texts in folders. */
export { AUDIO_ENDINGS, audioDatasetFromDirectory, readAudio, resample, type AudioFolder, type AudioFolderOptions, type AudioOptions, type Sound } from './audio.ts';
export type { FolderOptions, Label } from './folder.ts';
export { IMAGE_ENDINGS, imageDatasetFromDirectory, readImage, readImages, type ImageFolder, type ImageFolderOptions, type ImageOptions } from './images.ts';
export { readText, readTexts, textDatasetFromDirectory, type TextBatch, type TextFolder, type TextFolderOptions } from './texts.ts';
