# SPDX-License-Identifier: MIT
# Makes first.pdf and, a second later, second.pdf: `TZ=UTC0 gnuplot make_pdf.gp`, on Debian 13 (gnuplot 6.0,
# cairo 1.18.4), whose PDF files have their date in a packed stream.
set terminal pdfcairo size 1in,1in
unset border; unset tics; unset key
set output 'first.pdf'
plot [0:1] x
set output
pause 1.1
set output 'second.pdf'
plot [0:1] x
