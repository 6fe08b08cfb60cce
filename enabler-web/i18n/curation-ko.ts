// Korean texts of the console's card of pictures.

import type { curationEn } from './curation-en';
import { refusalKo } from './refusals-ko';

export const curationKo: typeof curationEn = {
  title: '그림',
  intro: '갤러리에 그림을 올리고, 보이지 않아야 할 그림을 내립니다.',
  emotion: '감정',
  byFolder: '폴더 이름이 감정 이름(calm, happy …)이면 그 안의 그림은 그 감정이 됩니다.',
  drop: '그림이나 폴더를 여기에 놓으세요',
  choose: '그림 고르기',
  chooseFolder: '폴더 고르기',
  kinds: 'JPEG, PNG, WebP, AVIF, GIF, SVG. 한 장에 40 MB까지. 사진을 찍은 장소는 아무에게도 보이지 않습니다.',
  list: '올리는 그림',
  send: (count) => `그림 ${count}장 올리기`,
  sendAgain: (count) => `그림 ${count}장 다시 올리기`,
  clear: '목록 비우기',
  leaveOut: (name) => `${name} 빼기`,
  summary: (done, all) => `그림 ${all}장 중 ${done}장 끝남`,
  standings: {
    chosen: '올릴 준비가 됨',
    waiting: '기다리는 중',
    looking: '확인하는 중…',
    slow: '올렸으나 평소보다 오래 걸립니다',
    sending: (percent) => `올리는 중: ${percent}%`,
    listed: '갤러리에 있음',
    duplicate: (itemId) => `이미 있음: ${itemId}`,
    removed: '내린 그림',
    refused: (reason) => `올리지 못함: ${reason}`,
    failed: (reason) => `보내지 못함: ${reason}`,
  },
  refusal: refusalKo,
  unfit: {
    type: '올릴 수 없음: 이 종류의 그림이 아닙니다',
    heic: '올릴 수 없음: HEIC는 읽을 수 없습니다. iPhone에서 설정, 카메라, 포맷, 높은 호환성을 고르세요',
    size: '올릴 수 없음: 40 MB보다 큽니다',
    empty: '올릴 수 없음: 빈 파일입니다',
  },

  shown: '갤러리에 있는 그림',
  shownCount: (count) => `${count}장, 최신순`,
  nothingShown: '이 감정의 그림이 아직 없습니다.',
  more: '더 보기',
  remove: '내리기',
  removeNamed: (name) => `${name} 내리기`,
  removedNote: (name) => `${name}을(를) 내렸습니다. 1분 안에 아무에게도 보이지 않습니다.`,
  taken: '내린 그림',
  takenIntro: '30일 동안 되돌릴 수 있고, 그 뒤에는 삭제됩니다.',
  restore: '되돌리기',
  restoreNamed: (name) => `${name} 되돌리기`,
  restoredNote: (name) => `${name}을(를) 되돌렸습니다. 곧 다시 보입니다.`,
  failed: (reason) => `실행하지 못했습니다: ${reason}`,
};
