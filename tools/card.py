"Draw nbs/card.jpg, the picture that stands beside a link to the site: drawn garments and two lines of text, 1200 x 630 pixels."
import sys
from pathlib import Path
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from matplotlib import font_manager
from fashionstudy.data.wardrobe import render
from pages import ROOT, config

W,H,SIDE,COLS,ROWS = 1200,630,210,3,3
SAY = 'Five fashion papers,\none protocol,\na verdict on\nevery claim.'

def font(size, weight): return ImageFont.truetype(font_manager.findfont(font_manager.FontProperties(family='DejaVu Sans', weight=weight)), size)

def card():
    "The picture"
    im = Image.new('RGB', (W, H), '#10243a')
    for k in range(COLS*ROWS):
        pic = Image.fromarray(np.asarray(render(k, 2*SIDE, seed=3, difficulty=.15)[0])).resize((SIDE, SIDE), Image.LANCZOS)
        im.paste(pic, (W-(COLS-k%COLS)*SIDE, k//COLS*SIDE))
    d = ImageDraw.Draw(im)
    d.text((52, 150), config(ROOT)['title'], font=font(64, 'bold'), fill='white')
    d.multiline_text((54, 255), SAY, font=font(40, 'normal'), fill='#cfe3f5', spacing=14)
    return im

if __name__ == '__main__':
    card().save(ROOT/'nbs/card.jpg', quality=88)
    sys.exit(0)
