# Redraws the figure from the table beside it, run by gnuplot where it lies.
reset session
set encoding utf8
unset macros
set datafile separator comma
set datafile columnheaders
unset key
quote = sprintf('%c',39)
table = './'.'front'.'.csv'
do for [type in 'svg png pdf'] {
if (type eq 'svg') {
set terminal svg noenhanced size 500,443 font 'sans-serif,14' background rgb 'white'
}
if (type eq 'png') {
set terminal pngcairo noenhanced size 1000,886 font 'sans-serif,14' fontscale 1.5 linewidth 2 pointscale 2 background rgb 'white'
}
if (type eq 'pdf') {
set terminal pdfcairo noenhanced size 3.477in,3.081in font 'sans-serif,14' fontscale 0.375 linewidth 1 pointscale 0.8 background rgb 'white'
}
set xtics offset 0,(type eq 'svg' ? 0.4 : 0)
set output './'.'front'.'.'.type
set multiplot
set label 'Cost and benefit' at screen 0.5000,0.9537 center font ',16'
set lmargin at screen 0.1574
set rmargin at screen 0.9480
set tmargin at screen 0.8600
set bmargin at screen 0.1462
set label 'parameters (millions)' at screen 0.5527,0.0604 center font ',14'
set label 'AUC' at screen 0.0380,0.5031 center rotate by 90 font ',14'
set border 3
set tics nomirror out scale 0.5
set grid ytics lt 1 lw 0.5 lc rgb '#d9d9d9'
set logscale x
set xrange [1.853182802:29.00955046]
set xtics norotate ('2' 2, '5' 5, '10' 10, '20' 20)
set yrange [0.84715:0.94785]
set ytics norotate ('0.86' 0.86, '0.88' 0.88, '0.90' 0.9, '0.92' 0.92, '0.94' 0.94)
cut(v) = v < 0.84715 ? 0.84715 : v > 0.94785 ? 0.94785 : v
set label '' at screen 0.0580,0.8995 front point lc rgb '#000000' pt 4 ps 0.60
set label 'beaten' at screen 0.1040,0.8995 left
set arrow from screen 0.2282,0.8995 to screen 0.2962,0.8995 nohead front lc rgb '#0072B2' lw 1.8 dt solid
set label '' at screen 0.2622,0.8995 front point lc rgb '#0072B2' pt 7 ps 0.60
set label 'front' at screen 0.3082,0.8995 left
set arrow from screen 0.1934,0.2373 to screen 0.2394,0.2373 nohead front lc rgb '#000000' lw 0.6
set label 'cbr_tiny' at screen 0.2434,0.2373 left front font ',12' tc rgb '#000000'
set label 'cbr_small' at screen 0.2498,0.2718 left front font ',12' tc rgb '#000000'
set label 'densenet121' at screen 0.6873,0.3436 left front font ',12' tc rgb '#000000'
set label 'resnet50' at screen 0.7750,0.7335 left front font ',12' tc rgb '#000000'
set arrow from screen 0.1934,0.3791 to screen 0.2394,0.4355 nohead front lc rgb '#0072B2' lw 0.6
set label 'cbr_tiny' at screen 0.2434,0.4355 left front font ',12' tc rgb '#0072B2'
set label 'cbr_large_w' at screen 0.2177,0.5917 left front font ',12' tc rgb '#0072B2'
set label 'cbr_large_t' at screen 0.6132,0.8398 left front font ',12' tc rgb '#0072B2'
plot table every ::0::3 using 4:(strcol(6) ne 'NaN' && strcol(7) ne 'NaN' ? $6 : NaN):(0):($7-$6) with vectors heads size screen 0.008,90 lc rgb '#000000' lw 1.2 notitle, \
     table every ::0::3 using 4:5 with points lc rgb '#000000' pt 4 ps 0.70 notitle, \
     table every ::4::6 using 4:5 with steps lc rgb '#0072B2' lw 1.8 dt solid notitle, \
     table every ::4::6 using 4:5 with points lc rgb '#0072B2' pt 7 ps 0.70 notitle
unset label
unset arrow
unset object
unset multiplot
unset output
}
