// English texts of the console's card of pictures.

const files = (count: number) => (count === 1 ? '1 picture' : `${count} pictures`);

export const curationEn = {
  title: 'Pictures',
  intro: 'Put pictures into the gallery, and take out what should not be shown.',
  emotion: 'Emotion',
  byFolder: 'Folders that are called like an emotion (calm, happy …) decide for what is in them.',
  drop: 'Drop pictures or folders here',
  choose: 'Choose pictures',
  chooseFolder: 'Choose a folder',
  kinds:
    'JPEG, PNG, WebP, AVIF, GIF or SVG, up to 40 MB each. Where a photo was taken is not shown to anybody.',
  list: 'On the way',
  send: (count: number) => `Send ${files(count)}`,
  sendAgain: (count: number) => `Send ${files(count)} again`,
  clear: 'Clear the list',
  leaveOut: (name: string) => `Leave ${name} out`,
  summary: (done: number, all: number) => `${done} of ${files(all)} done`,
  standings: {
    chosen: 'Ready to be sent',
    waiting: 'Waiting',
    looking: 'Being looked into…',
    slow: 'Sent; it takes longer than usual',
    sending: (percent: number) => `Sending: ${percent} %`,
    listed: 'In the gallery',
    duplicate: (itemId: string) => `There already: ${itemId}`,
    removed: 'Taken out',
    refused: (reason: string) => `Not taken: ${reason}`,
    failed: (reason: string) => `Not sent: ${reason}`,
  },
  /** Why the catalogue does not take a file, from its own words. */
  refusal: (reason: string) => reason,
  unfit: {
    type: 'Not taken: no picture of these kinds',
    heic: 'Not taken: HEIC cannot be read here; on an iPhone choose Settings, Camera, Formats, Most Compatible',
    size: 'Not taken: larger than 40 MB',
    empty: 'Not taken: the file is empty',
  },

  shown: 'In the gallery',
  shownCount: (count: number) => `${files(count)}, the newest first`,
  nothingShown: 'No picture of this emotion yet.',
  more: 'More',
  remove: 'Take out',
  removeNamed: (name: string) => `Take out ${name}`,
  removedNote: (name: string) => `${name} is taken out. Within a minute nobody sees it any more.`,
  taken: 'Taken out',
  takenIntro: 'Can be put back for 30 days, then they are deleted.',
  restore: 'Put back',
  restoreNamed: (name: string) => `Put back ${name}`,
  restoredNote: (name: string) => `${name} is put back, and there again in a moment.`,
  failed: (reason: string) => `That did not work: ${reason}`,
};
