// Why a file is not in the gallery, in Korean: the catalogue says it in English, for commands too.

const REASONS: readonly (readonly [pattern: RegExp, korean: string])[] = [
  [
    /^(HEIC|HEIF) cannot be read/,
    '$1 파일은 읽을 수 없습니다. JPEG로 저장하세요 (iPhone: 설정, 카메라, 포맷, 높은 호환성)',
  ],
  [/^(TIFF|BMP) cannot be read/, '$1 파일은 읽을 수 없습니다. JPEG나 PNG로 저장하세요'],
  [/^not a picture/, '그림이 아닙니다. JPEG, PNG, WebP, AVIF, GIF, SVG만 됩니다'],
  [/^damaged: it has no size/, '손상된 파일입니다. 크기가 없습니다'],
  [/^damaged: the file breaks off/, '파일이 중간에 끊겼습니다. 다시 올리세요'],
  [/^damaged, or/, '손상되었거나 읽을 수 없는 파일입니다. 새로 저장하세요'],
  [
    /^(\d+) by (\d+) pixels, more than (\d+) million/,
    '$1×$2픽셀로, $300만 픽셀보다 큽니다. 더 작게 만드세요',
  ],
  [/^(\d+) MB, more than (\d+)/, '$1 MB로, $2 MB보다 큽니다. 더 작게 만드세요'],
  [/^an SVG of more than 1 MB/, '1 MB보다 큰 SVG입니다. 더 단순하게 만드세요'],
  [/^an SVG with entities/, '엔터티가 있는 SVG입니다. 엔터티 없이 저장하세요'],
  [/^not at emotions/, 'emotions/<감정>/<파일> 자리가 아닙니다'],
  [/^unknown emotion/, '모르는 감정 폴더입니다'],
  [/^name longer than (\d+)/, '이름이 $1자보다 깁니다'],
  [/^unsafe character/, '이름에 쓸 수 없는 문자가 있습니다'],
  [/^empty file/, '빈 파일입니다'],
];

/** A reason that is not known here stays as it is. */
export function refusalKo(reason: string): string {
  const [pattern, korean] = REASONS.find(([each]) => each.test(reason)) ?? [];
  if (!pattern || !korean) return `${reason} (영문)`;
  return korean.replace(/\$(\d)/g, (_, group: string) => pattern.exec(reason)?.[Number(group)] ?? '');
}
