using System.Buffers.Binary;
using System.Text;

namespace UdsBroker.Faults.Tests;

/// <summary>The elements that frames are made of, in every encoding.</summary>
internal sealed partial class FrameGenerator
{
    private void Nil() => Write(0xC0);

    private void Number(ulong value)
    {
        switch (_random.OneIn(4) ? _random.Next(5) : 0)
        {
            case 0 when value < 128: Write((byte)value); break;
            case <= 1 when value <= byte.MaxValue: Header(0xCC, value, 1); break;
            case <= 2 when value <= ushort.MaxValue: Header(0xCD, value, 2); break;
            case <= 3 when value <= uint.MaxValue: Header(0xCE, value, 4); break;
            default: Header(_random.OneIn(10) ? (byte)0xD3 : (byte)0xCF, value, 8); break;
        }
    }

    private void Text(string text)
    {
        Span<byte> utf8 = stackalloc byte[700];
        var length = Encoding.UTF8.GetBytes(text, utf8);
        if (length > 0 && _random.OneIn(40)) utf8[_random.Next(length)] = 0xFF;
        if (length < 32 && !_random.OneIn(6)) Write((byte)(0xA0 | length));
        else if (length < 256 && _random.OneIn(2)) Header(0xD9, (ulong)length, 1);
        else if (_random.OneIn(2)) Header(0xDA, (ulong)length, 2);
        else Header(0xDB, (ulong)length, 4);
        Write(utf8[..length]);
    }

    // Long enough that what is made of each of its bytes would show.
    private void LongText()
    {
        var unit = _random.Of<byte[]>(Units);
        var length = (1 + _random.Next(_random.OneIn(4) ? 3900 : 300)) / unit.Length * unit.Length;
        Header(0xDA, (ulong)length, 2);
        Ensure(length);
        var text = _bytes.AsSpan(_length, length);
        for (var at = 0; at < length; at++) text[at] = unit[at % unit.Length];
        _length += length;
    }

    private void Binary(int length)
    {
        Header(0xC5, (ulong)length, 2);
        Ensure(length);
        _bytes.AsSpan(_length, length).Fill((byte)'x');
        _length += length;
    }

    private void Array(uint count)
    {
        if (count < 16 && !_random.OneIn(10)) Write((byte)(0x90 | count));
        else Header(0xDC, count, 2);
    }

    private void Map(uint count)
    {
        if (count < 16 && !_random.OneIn(10)) Write((byte)(0x80 | count));
        else Header(0xDE, count, 2);
    }

    private void Header(byte code, ulong value, int bytes)
    {
        Write(code);
        WriteBigEndian(value, bytes);
    }

    private void WriteBigEndian(ulong value, int bytes)
    {
        Span<byte> all = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(all, value);
        Write(all[(8 - bytes)..]);
    }

    private void Write(byte value)
    {
        Ensure(1);
        _bytes[_length++] = value;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        Ensure(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Ensure(int bytes)
    {
        if (_length + bytes > _bytes.Length) System.Array.Resize(ref _bytes, (_length + bytes) * 2);
    }
}
