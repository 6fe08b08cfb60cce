// Korean. It has no plural forms; counters (명, 개) follow the number instead.

import { consoleKo } from './console-ko';
import type { Messages } from './en';

const number = new Intl.NumberFormat('ko');

export const ko: Messages = {
  brand: '감정 갤러리',
  emotions: {
    happy: '행복',
    surprised: '놀람',
    calm: '평온',
    angry: '분노',
    fear: '두려움',
    confused: '혼란',
    disgusted: '혐오',
    sad: '슬픔',
  },
  skipToContent: '본문으로 건너뛰기',
  language: '언어',
  theme: '색상',
  themes: { auto: '기기 설정', light: '밝게', dark: '어둡게' },
  navigation: '페이지',
  toGallery: '갤러리',
  toEnabler: '좋아요 누르기',
  toBoard: '현황판',
  toConsole: '콘솔',
  close: '닫기',
  tryAgain: '다시 시도',
  loading: '잠시만 기다려 주세요…',
  loadFailed: '그림을 불러오지 못했습니다. 연결을 확인해 주세요.',
  loadPortal: '이 네트워크는 먼저 로그인해야 합니다. 다른 페이지를 열어 로그인한 뒤 다시 시도해 주세요.',
  noPictures: '아직 그림이 없습니다.',
  notFoundTitle: '여기에는 아무것도 없습니다',
  notFoundWords: '주소가 잘못되었거나, 있던 것이 옮겨졌거나 삭제되었습니다. 사진들은 그대로 있습니다.',

  chooseTitle: '지금 어떤 감정을 보고 싶으세요?',
  chooseIntro: (goal) =>
    `감정을 하나 고르고, 마음에 닿는 그림마다 좋아요를 눌러 주세요. 한 사람이 ${goal}개씩 모으면 갤러리가 추천을 배웁니다.`,
  chooseAnother: '다른 감정',
  wallTitle: (emotion) => `${emotion}: 마음에 닿는 그림에 좋아요`,
  wallEnd: (emotion) => `‘${emotion}’ 그림은 여기까지입니다. 다른 감정도 볼까요?`,
  picture: (emotion, position) => `${emotion}, ${position}번째 그림`,
  saved: '저장됨',
  waiting: '대기 중',

  yourLikes: '내 좋아요',
  ownCount: (likes, goal) => `${number.format(goal)}개 중 ${number.format(likes)}개`,
  ownLeft: (left) => (left > 0 ? `${number.format(left)}개 남음` : '목표 달성! 고맙습니다.'),
  goalReached: (goal) => `좋아요 ${goal}개, 할 일을 다 하셨습니다. 고맙습니다! 더 눌러 주셔도 좋습니다.`,
  allSaved: '모두 저장됨',
  someWaiting: (likes) => `좋아요 ${number.format(likes)}개가 전송을 기다리고 있습니다`,
  offline: '연결이 없습니다. 좋아요는 이 기기에 보관했다가 나중에 보냅니다.',
  portal:
    '이 네트워크는 먼저 로그인을 요구합니다. 다른 페이지를 열어 로그인해 주세요. 좋아요는 이 기기에 보관했다가 그 뒤에 보냅니다.',
  refused: (likes, reason) => `좋아요 ${number.format(likes)}개를 받을 수 없었습니다: ${reason}`,
  renewed: '방문 시간이 지나 새로 시작했습니다. 좋아요는 그대로 있습니다.',

  forget: '내 좋아요 지우기',
  forgetTitle: '내 좋아요를 모두 지울까요?',
  forgetText:
    '좋아요와 갤러리가 나에 대해 아는 모든 것이 여기서는 바로, Amazon Personalize에서는 하루 안에 지워집니다. 되돌릴 수 없습니다. 갤러리가 거기서 배운 것은 다음 학습 때 사라집니다.',
  forgetNot: '그대로 두기',
  forgotten: '좋아요를 지웠어요. 이 기기에서 다음에 좋아요를 누르는 사람은 새로운 사람입니다.',
  forgetFailed: (reason) => `지금은 좋아요를 지우지 못했어요: ${reason}`,

  together: '우리 모두',
  people: '참여자',
  likes: '좋아요',
  ofMinimum: (value, minimum) =>
    value > minimum
      ? `${number.format(value)} (최소 ${number.format(minimum)})`
      : `${number.format(minimum)} 중 ${number.format(value)}`,
  missing: (people, likes) => {
    const parts = [
      people > 0 ? `좋아요를 두 번 이상 누른 사람 ${number.format(people)}명` : '',
      likes > 0 ? `좋아요 ${number.format(likes)}개` : '',
    ].filter((part) => part !== '');
    return parts.length > 0 ? `아직 필요해요: ${parts.join(', ')}.` : '거의 다 왔습니다. 집계하고 있습니다.';
  },
  onTheirWay: (likes) =>
    `좋아요 ${number.format(likes)}개는 안전하게 저장되었고, Amazon Personalize로 가는 중입니다.`,
  whatHappens: '두 막대가 모두 차면 갤러리가 스스로 배우기 시작하고, 잠시 뒤 나만의 갤러리가 됩니다.',
  reached: '충분히 모였습니다! 갤러리가 배우기 시작했습니다. 더 누를수록 더 좋아집니다.',
  progressUnknown: '집계가 여기에 나타납니다.',
  celebrateTitle: '우리가 해냈어요',
  celebrateText: (people, likes) =>
    `${number.format(people)}명이 좋아요 ${number.format(likes)}개를 모았습니다. 배우기에 충분합니다. 학습이 저절로 시작되었고, 곧 갤러리가 저마다 좋아할 그림을 추천합니다.`,
  celebrateMore: '계속 누르기',
  celebrateGallery: '갤러리 보기',

  keyboard: '키보드',
  shortcuts: [
    ['← ↑ → ↓', '그림 사이 이동'],
    ['Space, Enter', '좋아요 / 취소'],
    ['L', '좋아요 누르고 다음 그림으로'],
    ['1 – 8', '감정 고르기'],
    ['Esc', '모든 감정으로 돌아가기'],
    ['N', '다음 사람 (운영자)'],
    ['?', '단축키 보기'],
  ],

  operator: '운영자',
  nextPerson: '다음 사람',
  nextPersonReady: '다음 사람 차례입니다. 0부터 셉니다.',
  nextPersonFailed: (reason) => `새 사람을 만들지 못했습니다: ${reason}`,
  crowdTitle: '가상 군중',
  crowdBadge: '시뮬레이션',
  crowdIntro:
    '무작위로 좋아요를 누르는 가상의 사람들입니다. 대부분 좋아하는 감정 안에서 누릅니다. 실제 사람처럼 집계되어 갤러리가 꾸며낸 취향을 배우므로 시험할 때만 쓰세요.',
  crowdPeople: '사람 수',
  crowdLikes: '한 사람당 좋아요',
  crowdNoise: '취향 밖의 좋아요 (%)',
  crowdStart: '군중 보내기',
  crowdStop: '중지',
  crowdRunning: (people, ofPeople, likes) =>
    `시뮬레이션 중: ${number.format(ofPeople)}명 중 ${number.format(people)}명, 좋아요 ${number.format(likes)}개 전송`,
  crowdDone: (people, likes) =>
    `군중이 모두 다녀갔습니다: ${number.format(people)}명, 좋아요 ${number.format(likes)}개.`,
  crowdStopped: (likes) => `좋아요 ${number.format(likes)}개에서 멈췄습니다.`,
  crowdFailed: (reason) => `군중을 멈춰야 했습니다: ${reason}`,

  boardTitle: '함께 갤러리를 가르쳐요',
  boardJoin: '휴대전화 카메라로 비춰 주세요',
  boardLocal: '이 컴퓨터에서만 열리고, 휴대전화에서는 열리지 않습니다.',
  boardQr: (address) => `${address} 주소의 QR 코드`,
  boardLatest: '방금 좋아요를 받은 그림',
  boardEmpty: '좋아요를 받은 그림이 여기에 나타납니다.',
  boardPicture: (emotion) => `좋아요를 받은 그림: ${emotion}`,
  fullScreen: '전체 화면',

  galleryTitle: '지금 기분에 어울리는 그림',
  galleryIntro: '기분을 고르고 둘러보세요. 좋아요를 누를수록 갤러리가 당신을 더 잘 알게 됩니다.',
  galleryAll: '모든 기분',
  galleryMoods: '기분',
  galleryView: '순서',
  galleryForYou: '나를 위한 추천',
  galleryRanked: '전체를 내 순서로',
  galleryMore: '그림 더 보기',
  galleryInvite: '갤러리는 아직 누구의 취향도 모릅니다. 한 사람이 좋아요 마흔 개씩 가르쳐 주세요.',
  galleryLearning: '좋아요가 충분히 모여 갤러리가 지금 배우고 있습니다. 잠시 뒤 나만의 갤러리가 됩니다.',
  gallerySources: {
    personalize: {
      name: '당신을 위한 그림입니다.',
      words: '당신과 취향이 비슷한 사람들의 좋아요를 바탕으로 골랐습니다.',
    },
    popular: {
      name: '많은 사람이 좋아한 그림입니다.',
      words: '어제와 오늘의 좋아요 순서이며, 갤러리가 취향을 배우기 전까지는 모두에게 같습니다.',
    },
    newest: { name: '새로운 그림부터 보여 드립니다.', words: '아직 참고할 좋아요가 없습니다.' },
  },
  galleryNewcomer: {
    name: '추천 그림입니다.',
    words: '사람들의 좋아요를 바탕으로 골랐습니다. 직접 좋아요를 누르면 목록이 취향을 따라갑니다.',
  },
  galleryRankedBy: {
    personalize: {
      name: '나의 순서입니다.',
      words: '이 기분의 모든 그림을 당신이 좋아할 순서로 놓았습니다.',
    },
    popular: {
      name: '모두의 순서입니다.',
      words: '좋아요가 많은 그림부터입니다. 지금은 개인별 모델이 없습니다.',
    },
    newest: { name: '새로운 순서입니다.', words: '지금은 개인별 모델이 없습니다.' },
  },
  galleryLike: (name) => `${name}: 좋아요`,
  galleryNew: '새 그림',
  galleryChanged: (likes, pictures) =>
    `좋아요 ${number.format(likes)}개로 목록이 바뀌었습니다. 새 그림 ${number.format(pictures)}개.`,
  galleryShowNew: '새 목록 보기',
  galleryAllLiked: '여기 있는 그림을 모두 좋아하시네요. 다른 기분을 고르거나 전체를 내 순서로 보세요.',
  gallerySimilar: '비슷한 그림',
  gallerySimilarModel: '이 그림을 좋아한 사람들이 함께 좋아한 그림입니다.',
  gallerySimilarMood: '어울리는 그림을 배우기 전까지는 같은 기분의 그림을 보여 드립니다.',

  console: consoleKo,
};
