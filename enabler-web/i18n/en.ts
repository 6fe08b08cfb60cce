// English. This catalogue is also the type that every other language must match.

import type { Emotion } from '../emotions';
import { consoleEn } from './console-en';

const plural = new Intl.PluralRules('en');
const number = new Intl.NumberFormat('en');

/** "1 like", "1,000 likes". */
function count(value: number, one: string, other: string): string {
  return `${number.format(value)} ${plural.select(value) === 'one' ? one : other}`;
}

export const en = {
  brand: 'Emotion Gallery',
  emotions: {
    happy: 'Happy',
    surprised: 'Surprised',
    calm: 'Calm',
    angry: 'Angry',
    fear: 'Fear',
    confused: 'Confused',
    disgusted: 'Disgusted',
    sad: 'Sad',
  } satisfies Record<Emotion, string>,
  skipToContent: 'Skip to the content',
  language: 'Language',
  theme: 'Colours',
  themes: { auto: 'As the device', light: 'Light', dark: 'Dark' },
  navigation: 'Pages',
  toGallery: 'Gallery',
  toEnabler: 'Give likes',
  toBoard: 'Board',
  toConsole: 'Console',
  close: 'Close',
  tryAgain: 'Try again',
  loading: 'One moment…',
  loadFailed: 'The pictures did not come. Check the connection.',
  loadPortal: 'This network wants you to sign in first: open any other page and do so, then try again.',
  noPictures: 'There are no pictures here yet.',
  notFoundTitle: 'There is nothing here',
  notFoundWords:
    'The address may be mistyped, or what stood here has been taken away. The pictures are where they were.',

  chooseTitle: 'What do you feel like seeing?',
  chooseIntro: (goal: number) =>
    `Pick a feeling, then like every picture that speaks to you. ${goal} likes from each of us, and the gallery learns to recommend.`,
  chooseAnother: 'Another feeling',
  wallTitle: (emotion: string) => `${emotion}: like what speaks to you`,
  wallEnd: (emotion: string) => `That was all of “${emotion}”. On to another feeling?`,
  picture: (emotion: string, position: number) => `${emotion}, picture ${position}`,
  saved: 'Saved',
  waiting: 'Waiting',

  yourLikes: 'Your likes',
  ownCount: (likes: number, goal: number) => `${number.format(likes)} of ${number.format(goal)}`,
  ownLeft: (left: number) => (left > 0 ? `${number.format(left)} to go` : 'Goal reached. Thank you!'),
  goalReached: (goal: number) => `${goal} likes: you did your part. Thank you! More are welcome.`,
  allSaved: 'All saved',
  someWaiting: (likes: number) => `${count(likes, 'like is', 'likes are')} waiting to be sent`,
  offline: 'No connection: your likes are kept here and sent later.',
  portal:
    'This network wants you to sign in first: open any other page and do so. Your likes are kept here and sent afterwards.',
  refused: (likes: number, reason: string) =>
    `${count(likes, 'like', 'likes')} could not be taken: ${reason}`,
  renewed: 'Your visit had expired, so a new one has begun. Your likes were kept.',

  forget: 'Delete my likes',
  forgetTitle: 'Delete all your likes?',
  forgetText:
    'Your likes and everything else that the gallery knows of you are deleted, here at once and in Amazon Personalize within a day. This cannot be undone. What the gallery has learnt from them goes with its next training.',
  forgetNot: 'Keep them',
  forgotten: 'Your likes are deleted. Whoever likes next on this device is somebody new.',
  forgetFailed: (reason: string) => `Your likes could not be deleted just now: ${reason}`,

  together: 'Together',
  people: 'People',
  likes: 'Likes',
  ofMinimum: (value: number, minimum: number) =>
    value > minimum
      ? `${number.format(value)} (${number.format(minimum)} needed)`
      : `${number.format(value)} of ${number.format(minimum)}`,
  missing: (people: number, likes: number) => {
    const parts = [
      people > 0 ? count(people, 'person with two likes', 'people with two likes each') : '',
      likes > 0 ? count(likes, 'like', 'likes') : '',
    ].filter((part) => part !== '');
    return parts.length > 0 ? `Still missing: ${parts.join(' and ')}.` : 'Almost there: being counted.';
  },
  onTheirWay: (likes: number) =>
    `${count(likes, 'like is', 'likes are')} safe here, and still on the way to Amazon Personalize.`,
  whatHappens:
    'When both bars are full, the gallery starts to learn by itself, and turns personal a little later.',
  reached: 'Enough! The gallery has started to learn. Every further like makes it better.',
  progressUnknown: 'The count will appear here.',
  celebrateTitle: 'We did it',
  celebrateText: (people: number, likes: number) =>
    `${count(people, 'person', 'people')} and ${count(likes, 'like', 'likes')}: that is enough to learn from. The training has started by itself; soon the gallery recommends to each of us what we like.`,
  celebrateMore: 'Keep liking',
  celebrateGallery: 'See the gallery',

  keyboard: 'Keyboard',
  shortcuts: [
    ['← ↑ → ↓', 'move between pictures'],
    ['Space, Enter', 'like, or take the like back'],
    ['L', 'like and go on to the next picture'],
    ['1 – 8', 'choose a feeling'],
    ['Esc', 'back to all feelings'],
    ['N', 'next person (operators)'],
    ['?', 'show these keys'],
  ],

  operator: 'Operator',
  nextPerson: 'Next person',
  nextPersonReady: 'Ready for the next person: the count starts at zero.',
  nextPersonFailed: (reason: string) => `No new person: ${reason}`,
  crowdTitle: 'Simulated crowd',
  crowdBadge: 'Simulation',
  crowdIntro:
    'Invented people who like pictures by chance, most of them in their favourite feelings. They count like everyone else, and train the gallery on invented taste: for tests only.',
  crowdPeople: 'People',
  crowdLikes: 'Likes each',
  crowdNoise: 'Likes outside their favourites (%)',
  crowdStart: 'Send the crowd',
  crowdStop: 'Stop',
  crowdRunning: (people: number, ofPeople: number, likes: number) =>
    `Simulating: ${number.format(people)} of ${count(ofPeople, 'person', 'people')}, ${count(likes, 'like', 'likes')} sent`,
  crowdDone: (people: number, likes: number) =>
    `The crowd is through: ${count(people, 'person', 'people')}, ${count(likes, 'like', 'likes')}.`,
  crowdStopped: (likes: number) => `Stopped after ${count(likes, 'like', 'likes')}.`,
  crowdFailed: (reason: string) => `The crowd had to stop: ${reason}`,

  boardTitle: 'Teach the gallery with us',
  boardJoin: 'Point your phone’s camera here',
  boardLocal: 'On this computer only: phones cannot open it.',
  boardQr: (address: string) => `QR code of ${address}`,
  boardLatest: 'Liked just now',
  boardEmpty: 'The first liked pictures will appear here.',
  boardPicture: (emotion: string) => `A liked picture: ${emotion}`,
  fullScreen: 'Full screen',

  galleryTitle: 'Pictures for your mood',
  galleryIntro: 'Choose a mood and look around. The more you like, the better the gallery knows you.',
  galleryAll: 'All moods',
  galleryMoods: 'Mood',
  galleryView: 'Order',
  galleryForYou: 'For you',
  galleryRanked: 'All, in your order',
  galleryMore: 'More pictures',
  galleryInvite: 'The gallery does not know anyone’s taste yet. Forty likes from each of us teach it.',
  galleryLearning: 'Enough likes: the gallery is learning right now. In a while, this page turns personal.',
  gallerySources: {
    personalize: {
      name: 'Chosen for you',
      words: 'from what you liked, and what people of your taste like.',
    },
    popular: {
      name: 'Liked by many',
      words:
        'today and yesterday. The same for everybody, until the gallery has learnt what each of us likes.',
    },
    newest: { name: 'The newest', words: 'first, because there are no likes to go by yet.' },
  },
  /** Instead of the words of `personalize`, for who has not liked anything yet. */
  galleryNewcomer: {
    name: 'Recommended',
    words: 'from what people like. Like some pictures yourself, and the list follows your taste.',
  },
  galleryRankedBy: {
    personalize: {
      name: 'Your order:',
      words: 'every picture of this mood, the likeliest to please you first.',
    },
    popular: { name: 'Everybody’s order:', words: 'most liked first. No model ranks for you at the moment.' },
    newest: { name: 'By age:', words: 'newest first. No model ranks for you at the moment.' },
  },
  galleryLike: (name: string) => `Like ${name}`,
  galleryNew: 'New',
  galleryChanged: (likes: number, pictures: number) =>
    `${count(likes, 'like', 'likes')} changed your list: ${count(pictures, 'new picture', 'new pictures')}.`,
  galleryShowNew: 'Show my new list',
  galleryAllLiked: 'You like everything here. Choose another mood, or see all pictures in your order.',
  gallerySimilar: 'Similar pictures',
  gallerySimilarModel: 'Liked by the people who like this one.',
  gallerySimilarMood: 'Others of the same mood, until the gallery has learnt which pictures go together.',

  console: consoleEn,
};

/** Every text of the pages. */
export type Messages = typeof en;
