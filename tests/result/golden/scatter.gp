# Redraws the figure from the table beside it, run by gnuplot where it lies.
reset session
set encoding utf8
unset macros
set datafile separator comma
set datafile columnheaders
unset key
quote = sprintf('%c',39)
table = './'.'scatter'.'.csv'
do for [type in 'svg png pdf'] {
if (type eq 'svg') {
set terminal svg noenhanced size 500,488 font 'sans-serif,14' background rgb 'white'
}
if (type eq 'png') {
set terminal pngcairo noenhanced size 1000,976 font 'sans-serif,14' fontscale 1.5 linewidth 2 pointscale 2 background rgb 'white'
}
if (type eq 'pdf') {
set terminal pdfcairo noenhanced size 3.477in,3.394in font 'sans-serif,14' fontscale 0.375 linewidth 1 pointscale 0.8 background rgb 'white'
}
set xtics offset 0,(type eq 'svg' ? 0.4 : 0)
set output './'.'scatter'.'.'.type
set multiplot
set label 'Channel subsets' at screen 0.5000,0.9580 center font ',16'
set lmargin at screen 0.1401
set rmargin at screen 0.9480
set tmargin at screen 0.7951
set bmargin at screen 0.1329
set label 'similarity before' at screen 0.5440,0.0550 center font ',14'
set label 'similarity after' at screen 0.0380,0.4640 center rotate by 90 font ',14'
set border 3
set tics nomirror out scale 0.5
set grid ytics lt 1 lw 0.5 lc rgb '#d9d9d9'
unset logscale x
set xrange [-0.024:0.824]
set xtics norotate ('0.0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8)
set yrange [0.0584:0.8216]
set ytics norotate ('0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8)
cut(v) = v < 0.0584 ? 0.0584 : v > 0.8216 ? 0.8216 : v
set label '' at screen 0.0580,0.9088 front point lc rgb '#0072B2' pt 7 ps 0.60
set label 'random init' at screen 0.1040,0.9088 left
set arrow from screen 0.0240,0.8699 to screen 0.0920,0.8699 nohead front lc rgb '#0072B2' lw 1.8 dt solid
set label 'slope 0.83 [0.68, 0.98], R² 0.94' at screen 0.1040,0.8699 left
set label '' at screen 0.0580,0.8309 front point lc rgb '#D55E00' pt 5 ps 0.60
set label 'pretrained' at screen 0.1040,0.8309 left
plot x with lines lc rgb '#555555' lw 1 dt (4,4) notitle, \
     table every ::7::9 using 4:(cut($6)):(cut($7)) with filledcurves fs transparent solid 0.18 noborder fc rgb '#0072B2' notitle, \
     table every ::7::9 using 4:6 with lines lc rgb '#0072B2' lw 0.6 notitle, \
     table every ::7::9 using 4:7 with lines lc rgb '#0072B2' lw 0.6 notitle, \
     table every ::0::6 using 4:5 with points lc rgb '#0072B2' pt 7 ps 0.70 notitle, \
     table every ::7::9 using 4:5 with lines lc rgb '#0072B2' lw 1.8 dt solid notitle, \
     table every ::10::13 using 4:5 with points lc rgb '#D55E00' pt 5 ps 0.70 notitle
unset label
unset arrow
unset object
unset multiplot
unset output
}
