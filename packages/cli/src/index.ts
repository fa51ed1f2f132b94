/** The parts of the command line that programs may use: what is drawn in a terminal, and the command line itself. */
export { main } from './main.ts';
export { argMaxRows, showClassifier, worstMistakes, type Classifier, type Mistake, type ShowOptions } from './terminal/classifier.ts';
export { confusionCounts, confusionTable } from './terminal/confusion.ts';
export { cropTogether, drawPicture, gallery, type Picture } from './terminal/picture.ts';
