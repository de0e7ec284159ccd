# Redraws the figure from the table beside it, run by gnuplot where it lies.
reset session
set encoding utf8
unset macros
set datafile separator comma
set datafile columnheaders
unset key
quote = sprintf('%c',39)
table = './'.'bars'.'.csv'
do for [type in 'svg png pdf'] {
if (type eq 'svg') {
set terminal svg noenhanced size 500,331 font 'sans-serif,14' background rgb 'white'
}
if (type eq 'png') {
set terminal pngcairo noenhanced size 1000,662 font 'sans-serif,14' fontscale 1.5 linewidth 2 pointscale 2 background rgb 'white'
}
if (type eq 'pdf') {
set terminal pdfcairo noenhanced size 3.477in,2.304in font 'sans-serif,14' fontscale 0.375 linewidth 1 pointscale 0.8 background rgb 'white'
}
set xtics offset 0,(type eq 'svg' ? 0.4 : 0)
set output './'.'bars'.'.'.type
set multiplot
set lmargin at screen 0.1574
set rmargin at screen 0.9480
set tmargin at screen 0.8882
set bmargin at screen 0.1934
set label 'architecture' at screen 0.5527,0.0785 center font ',14'
set label 'AUC' at screen 0.0380,0.5408 center rotate by 90 font ',14'
set border 3
set tics nomirror out scale 0.5
set grid ytics lt 1 lw 0.5 lc rgb '#d9d9d9'
unset logscale x
set xtics norotate ('resnet50' 0, 'cbr_large_t' 1, 'cbr_tiny' 2)
set xrange [-0.5:2.5]
set yrange [0.85:1]
set ytics norotate ('0.85' 0.85, '0.90' 0.9, '0.95' 0.95, '1.00' 1)
cut(v) = v < 0.85 ? 0.85 : v > 1 ? 1 : v
set clip two
set object rectangle from screen 0.0240,0.9230 to screen 0.0920,0.9592 fc rgb '#D55E00' fs solid 0.25 border lc rgb '#D55E00'
set label 'random' at screen 0.1040,0.9411 left
set object rectangle from screen 0.2976,0.9230 to screen 0.3656,0.9592 fc rgb '#0072B2' fs solid 0.85 border lc rgb '#0072B2'
set label 'pretrained' at screen 0.3776,0.9411 left
set object rectangle from screen 0.5712,0.9230 to screen 0.6392,0.9592 fc rgb '#009E73' fs pattern 4 border lc rgb '#009E73'
set label 'Mean Var' at screen 0.6512,0.9411 left
plot table every ::0::2 using ($4-0.267):5:($4-0.387):($4-0.147):(0.85):5 with boxxyerror fc rgb '#D55E00' fs solid 0.25 border lc rgb '#D55E00' lw 0.8 notitle, \
     table every ::0::2 using ($4-0.267):(strcol(6) ne 'NaN' && strcol(7) ne 'NaN' ? $6 : NaN):(0):($7-$6) with vectors heads size screen 0.008,90 lc rgb '#222222' lw 1.2 notitle, \
     table every ::3::5 using 4:5:($4-0.120):($4+0.120):(0.85):5 with boxxyerror fc rgb '#0072B2' fs solid 0.85 border lc rgb '#0072B2' lw 0.8 notitle, \
     table every ::3::5 using 4:(strcol(6) ne 'NaN' && strcol(7) ne 'NaN' ? $6 : NaN):(0):($7-$6) with vectors heads size screen 0.008,90 lc rgb '#222222' lw 1.2 notitle, \
     table every ::6::8 using ($4+0.267):5:($4+0.147):($4+0.387):(0.85):5 with boxxyerror fc rgb '#009E73' fs pattern 4 border lc rgb '#009E73' lw 0.8 notitle, \
     table every ::6::8 using ($4+0.267):(strcol(6) ne 'NaN' && strcol(7) ne 'NaN' ? $6 : NaN):(0):($7-$6) with vectors heads size screen 0.008,90 lc rgb '#222222' lw 1.2 notitle
unset clip two
unset label
unset arrow
unset object
unset multiplot
unset output
}
