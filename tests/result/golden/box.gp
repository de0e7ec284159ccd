# Redraws the figure from the table beside it, run by gnuplot where it lies.
reset session
set encoding utf8
unset macros
set datafile separator comma
set datafile columnheaders
unset key
quote = sprintf('%c',39)
table = './'.'box'.'.csv'
do for [type in 'svg png pdf'] {
if (type eq 'svg') {
set terminal svg noenhanced size 500,356 font 'sans-serif,14' background rgb 'white'
}
if (type eq 'png') {
set terminal pngcairo noenhanced size 1000,712 font 'sans-serif,14' fontscale 1.5 linewidth 2 pointscale 2 background rgb 'white'
}
if (type eq 'pdf') {
set terminal pdfcairo noenhanced size 3.477in,2.477in font 'sans-serif,14' fontscale 0.375 linewidth 1 pointscale 0.8 background rgb 'white'
}
set xtics offset 0,(type eq 'svg' ? 0.4 : 0)
set output './'.'box'.'.'.type
set multiplot
set label 'Over seeds' at screen 0.5000,0.9424 center font ',16'
set lmargin at screen 0.1574
set rmargin at screen 0.9480
set tmargin at screen 0.8258
set bmargin at screen 0.1798
set label 'architecture' at screen 0.5527,0.0730 center font ',14'
set label 'AUC' at screen 0.0380,0.5028 center rotate by 90 font ',14'
set border 3
set tics nomirror out scale 0.5
set grid ytics lt 1 lw 0.5 lc rgb '#d9d9d9'
unset logscale x
set xtics norotate ('resnet50' 0, 'cbr_large_t' 1, 'cbr_tiny' 2)
set xrange [-0.5:2.5]
set yrange [0.7437:0.9663]
set ytics norotate ('0.75' 0.75, '0.80' 0.8, '0.85' 0.85, '0.90' 0.9, '0.95' 0.95)
cut(v) = v < 0.7437 ? 0.7437 : v > 0.9663 ? 0.9663 : v
set label '' at screen 0.0580,0.8750 front point lc rgb '#0072B2' pt 7 ps 0.60
set label 'random' at screen 0.1040,0.8750 left
set label '' at screen 0.3316,0.8750 front point lc rgb '#D55E00' pt 5 ps 0.60
set label 'pretrained' at screen 0.3776,0.8750 left
plot table every ::10::12 using ($4-0.200):5:($4-0.368):($4-0.032):6:7 with boxxyerror fc rgb '#0072B2' fs solid 0.15 border lc rgb '#0072B2' lw 0.8 notitle, \
     table every ::10::12 using ($4-0.368):5:(0.336):(0) with vectors nohead lc rgb '#0072B2' lw 2.5 notitle, \
     table every ::0::9 using ($4-0.200+(int($0)*5%7-3)*0.0373):5 with points lc rgb '#0072B2' pt 7 ps 0.50 notitle, \
     table every ::20::21 using ($4+0.200):5:($4+0.032):($4+0.368):6:7 with boxxyerror fc rgb '#D55E00' fs solid 0.15 border lc rgb '#D55E00' lw 0.8 notitle, \
     table every ::20::21 using ($4+0.032):5:(0.336):(0) with vectors nohead lc rgb '#D55E00' lw 2.5 notitle, \
     table every ::13::19 using ($4+0.200+(int($0)*5%7-3)*0.0373):5 with points lc rgb '#D55E00' pt 5 ps 0.50 notitle
unset label
unset arrow
unset object
unset multiplot
unset output
}
