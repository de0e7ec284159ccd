# Redraws the figure from the table beside it, run by gnuplot where it lies.
reset session
set encoding utf8
unset macros
set datafile separator comma
set datafile columnheaders
unset key
quote = sprintf('%c',39)
table = './'.'odd'.'.csv'
do for [type in 'svg png pdf'] {
if (type eq 'svg') {
set terminal svg noenhanced size 500,466 font 'sans-serif,14' background rgb 'white'
}
if (type eq 'png') {
set terminal pngcairo noenhanced size 1000,932 font 'sans-serif,14' fontscale 1.5 linewidth 2 pointscale 2 background rgb 'white'
}
if (type eq 'pdf') {
set terminal pdfcairo noenhanced size 3.477in,3.241in font 'sans-serif,14' fontscale 0.375 linewidth 1 pointscale 0.8 background rgb 'white'
}
set xtics offset 0,(type eq 'svg' ? 0.4 : 0)
set output './'.'odd'.'.'.type
set multiplot
set label 'It'.quote.'s 100% "odd" \n `date` $HOME @x' at screen 0.5000,0.9560 center font ',16'
set lmargin at screen 0.1401
set rmargin at screen 0.9480
set tmargin at screen 0.7854
set bmargin at screen 0.2918
set label ''.quote.'; set output; #' at screen 0.5440,0.8176 center font ',14'
set label '%d'.quote.'s' at screen 0.5440,0.0565 center font ',14'
set label '\\ '.quote.''.quote.'' at screen 0.0380,0.5386 center rotate by 90 font ',14'
set border 3
set tics nomirror out scale 0.5
set grid ytics lt 1 lw 0.5 lc rgb '#d9d9d9'
unset logscale x
set xtics rotate by 45 right offset 0,0 ('it'.quote.'s' 0, '50%% \n' 1, '"q" `date`' 2, '@x $y {z}_1^2' 3, '<i>&amp;</i>' 4, 'ünï→côde 日本' 5, 'new line tab' 6, '?' 7)
set xrange [-0.5:7.5]
set yrange [4.735:5.265]
set ytics norotate ('4.8' 4.8, '4.9' 4.9, '5.0' 5, '5.1' 5.1, '5.2' 5.2)
cut(v) = v < 4.735 ? 4.735 : v > 5.265 ? 5.265 : v
set arrow from screen 0.0240,0.9045 to screen 0.0920,0.9045 nohead front lc rgb '#0072B2' lw 1.8 dt solid
set label '' at screen 0.0580,0.9045 front point lc rgb '#0072B2' pt 7 ps 0.60
set label 'it'.quote.'s 50% of "x", C:\new `id`' at screen 0.1040,0.9045 left
set arrow from screen 0.0240,0.8637 to screen 0.0920,0.8637 nohead front lc rgb '#D55E00' lw 1.8 dt (10,5)
set label '' at screen 0.0580,0.8637 front point lc rgb '#D55E00' pt 5 ps 0.60
set label 'a label that goes on and… in one line of a figure' at screen 0.1040,0.8637 left
plot table every ::0::7 using ($4-0.040):5 with lines lc rgb '#0072B2' lw 1.8 dt solid notitle, \
     table every ::0::7 using ($4-0.040):5 with points lc rgb '#0072B2' pt 7 ps 0.60 notitle
unset label
unset arrow
unset object
unset multiplot
unset output
}
