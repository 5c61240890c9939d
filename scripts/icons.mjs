/** Lucide icons that the pages may use, by their Lucide names. */
export const ICONS = `
  search map-pin map list x chevron-down chevron-left chevron-right arrow-right arrow-left
  check circle-check badge-check circle-alert triangle-alert info circle-help
  truck calendar calendar-days clock history phone mail printer download share-2 flag
  filter sliders-horizontal locate-fixed navigation house globe ruler euro
  leaf sprout wheat milk egg fish beef ham carrot apple croissant beer cup-soda package
  factory store building-2 tractor chef-hat utensils users user log-in log-out settings
  external-link menu plus minus pencil pencil-line trash-2 calendar-x-2 circle-user-round circle-x bookmark star heart
  file-text file-spreadsheet code refresh-cw eye eye-off key-round scroll-text shield-check
  pin undo-2 redo-2
`.trim().split(/\s+/);
