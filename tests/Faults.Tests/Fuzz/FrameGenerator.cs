using System.Buffers.Binary;
using System.Text;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// Bytes that a hostile peer might send. It knows the grammar of PROTOCOL.md and writes frames of all kinds, most of them right, in every
/// encoding, with elements that are wrong, too many, nested, huge by their claim or not UTF-8; then it may flip, insert, remove and cut. All of it
/// is decided by the random source alone. The bytes are in one buffer that is used again.
/// </summary>
internal sealed class FrameGenerator
{
    private static readonly string[] Subjects =
    [
        "a", "a.b", "a.b.c", "orders.eu.created", "", ".", "a..b", "a.*", ">", "*.x", "$SYS.x", "_BROKER.stats", "_INBOX.x", "\u00e9t\u00e9",
        new('s', 255), new('s', 256), new('t', 300), string.Join('.', Enumerable.Repeat("a", 34)),
    ];

    private static readonly string[] Options =
        ["name", "lang", "queue", "credit", "overflow", "pending", "retained", "will", "block", "latest", "drop-oldest", "disconnect", "subject", "payload", "no-such"];

    private static readonly string[] Headers = ["Udsb-Retain", "Udsb-Expires", "Udsb-Delay", "Udsb-Error-Code", "traceparent", "x", ""];

    private byte[] _bytes = new byte[1 << 12];
    private int _length;
    private SeededRandom _random = new(0, 0);

    /// <summary>The bytes of that round: one to a few frames, whole or not.</summary>
    /// <param name="random">Decides everything.</param>
    /// <param name="isGreeted">True when the bytes should not begin with a HELLO of their own.</param>
    internal ReadOnlySpan<byte> Next(SeededRandom random, bool isGreeted)
    {
        _random = random;
        _length = 0;
        if (!isGreeted && !random.OneIn(8)) Hello();
        for (var frames = 1 + random.Next(6); frames > 0; frames--) Frame();
        if (random.OneIn(2)) Mutate();
        return _bytes.AsSpan(0, _length);
    }

    private void Frame()
    {
        switch (_random.Next(16))
        {
            case <= 5: Publish(); break;
            case 6 or 7: Subscribe(); break;
            case 8: Numbers(4, 3); break; // UNSUBSCRIBE
            case 9: Numbers(6, 2); break; // PING
            case 10: Numbers(7, 3); break; // PONG
            case 11: Numbers(12, 3); break; // CREDIT
            case 12: Hello(); break;
            case 13 when _random.OneIn(4): Goodbye(); break;
            case 14: Numbers(_random.Next(300), _random.Next(6)); break; // a kind only the broker sends, or none at all
            case 15: Junk(); break;
            default: Publish(); break;
        }
    }

    private void Hello()
    {
        Array(3);
        Number(1);
        Number(_random.OneIn(10) ? _random.Next64() : 1);
        OptionMap();
    }

    private void Publish()
    {
        Array(_random.OneIn(12) ? (uint)_random.Next(9) : 5);
        Number(5);
        Text(_random.OneIn(3) ? _random.Of<string>(Subjects) : "a.b");
        if (_random.OneIn(3)) Text(_random.Of<string>(Subjects));
        else Nil();
        if (_random.OneIn(4)) HeaderMap();
        else Nil();
        Binary(_random.OneIn(6) ? _random.Next(9000) : _random.Next(40));
    }

    private void Subscribe()
    {
        Array(4);
        Number(3);
        Number((ulong)_random.Next(8));
        Text(_random.Of<string>(Subjects));
        if (_random.OneIn(2)) OptionMap();
        else Nil();
    }

    private void Goodbye()
    {
        Array(3);
        Number(10);
        Number((ulong)_random.Next(30));
        Text("bye");
    }

    private void Numbers(int kind, int elements)
    {
        Array((uint)elements);
        Number((ulong)kind);
        for (var i = 1; i < elements; i++) Element(0);
    }

    private void OptionMap()
    {
        var count = (uint)_random.Next(5);
        Map(count);
        for (; count > 0; count--)
        {
            Text(_random.Of<string>(Options));
            Element(0);
        }
    }

    private void HeaderMap()
    {
        var count = (uint)(_random.OneIn(20) ? 70 : _random.Next(5));
        Map(count);
        for (; count > 0; count--)
        {
            Text(_random.Of<string>(Headers));
            if (_random.OneIn(10)) Element(0);
            else Text(_random.OneIn(2) ? "1" : "soon");
        }
    }

    // Any element of MessagePack, at most a few levels deep unless it means to be too deep.
    private void Element(int depth)
    {
        switch (_random.Next(12))
        {
            case <= 4: Number(_random.OneIn(3) ? _random.Next64() : (ulong)_random.Next(9)); break;
            case 5: Nil(); break;
            case 6: Text(_random.Of<string>(Options)); break;
            case 7: Binary(_random.Next(20)); break;
            case 8 when depth < 3:
                var elements = (uint)_random.Next(4);
                Array(elements);
                for (; elements > 0; elements--) Element(depth + 1);
                break;
            case 9 when depth < 3:
                OptionMap();
                break;
            case 10 when _random.OneIn(8):
                for (var levels = _random.Next(80); levels > 0; levels--) Array(1);
                break;
            case 11: Claim(); break;
            default: Write((byte)(0xC0 + _random.Next(0x40))); break; // any code, most often without what it announces
        }
    }

    // A header that announces far more than comes.
    private void Claim()
    {
        Write(_random.Of<byte>([0xC6, 0xC9, 0xDB, 0xDD, 0xDF]));
        WriteBigEndian(_random.Of<uint>([uint.MaxValue, 0x8000_0000, 0x7FFF_FFFF, 16 << 20, (16 << 20) + 1, 65536, 4097]), 4);
    }

    private void Junk()
    {
        for (var count = _random.Next(12); count > 0; count--) Write((byte)_random.Next64());
    }

    private void Mutate()
    {
        for (var changes = 1 + _random.Next(3); changes > 0 && _length > 0; changes--)
        {
            var at = _random.Next(_length);
            switch (_random.Next(6))
            {
                case 0: _bytes[at] = (byte)_random.Next64(); break;
                case 1: _bytes[at] ^= (byte)(1 << _random.Next(8)); break;
                case 2: _bytes[at] = (byte)(0x80 + _random.Next(0x80)); break;
                case 3:
                    Ensure(1);
                    _bytes.AsSpan(at, _length - at).CopyTo(_bytes.AsSpan(at + 1));
                    _length++;
                    break;
                case 4:
                    _bytes.AsSpan(at + 1, _length - at - 1).CopyTo(_bytes.AsSpan(at));
                    _length--;
                    break;
                default: _length = at; break;
            }
        }
    }

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
