namespace UdsBroker.Faults.Tests;

/// <summary>
/// Bytes that a hostile peer might send. It knows the grammar of PROTOCOL.md and writes frames of all kinds, most of them right, in every
/// encoding, with elements that are wrong, too many, nested, huge by their claim or not UTF-8; then it may flip, insert, remove and cut. All of it
/// is decided by the random source alone. The bytes are in one buffer that is used again.
/// </summary>
internal sealed partial class FrameGenerator
{
    private static readonly string[] Subjects =
    [
        "a", "a.b", "a.b.c", "orders.eu.created", "", ".", "a..b", "a.*", ">", "*.x", "$SYS.x", "_BROKER.stats", "_INBOX.x", "\u00e9t\u00e9",
        new('s', 255), new('s', 256), new('t', 300), string.Join('.', Enumerable.Repeat("a", 34)),
    ];

    private static readonly string[] Options =
        ["name", "lang", "queue", "credit", "overflow", "pending", "retained", "will", "block", "latest", "drop-oldest", "disconnect", "no-such"];

    private static readonly string[] WillOptions = ["subject", "payload", "headers", "reply"];

    private static readonly string[] Headers = ["Udsb-Retain", "Udsb-Expires", "Udsb-Delay", "Udsb-Error-Code", "traceparent", "x", ""];

    // Each is repeated until a text is as long as it is to be: bytes that never occur, beginnings and ends without the other, what is encoded too long, surrogates,
    // what is beyond Unicode; and texts that are right, and longer when they are escaped.
    private static readonly byte[][] Units =
        [[0xFF], [0xFE, 0x80], [0x80], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], "\u20ac"u8.ToArray(), [1], [0x1B]];

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
        if (_random.OneIn(4)) HeaderMap(_random.OneIn(20) ? 70 : _random.Next(5));
        else Nil();
        Binary(_random.OneIn(6) ? _random.Next(9000) : _random.Next(40));
    }

    private void Subscribe()
    {
        Array(4);
        Number(3);
        Number((ulong)_random.Next(8));
        if (_random.OneIn(20)) LongText();
        else Text(_random.Of<string>(Subjects));
        if (_random.OneIn(2)) OptionMap();
        else Nil();
    }

    private void Goodbye()
    {
        Array(3);
        Number(10);
        Number((ulong)_random.Next(30));
        if (_random.OneIn(3)) LongText();
        else Text("bye");
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
            var option = _random.Of<string>(Options);
            if (_random.OneIn(60)) LongText();
            else Text(option);
            if (_random.OneIn(3)) Element(0);
            else Value(option);
        }
    }

    // A value as the option wants it, or nearly.
    private void Value(string option)
    {
        switch (option)
        {
            case "credit" or "pending": Number(_random.OneIn(2) ? _random.Next64() : (ulong)_random.Next(9)); break;
            case "retained": Write((byte)(_random.OneIn(2) ? 0xC2 : 0xC3)); break;
            case "will": Will(); break;
            default:
                if (_random.OneIn(4)) LongText();
                else Text(_random.Of<string>(Options));
                break;
        }
    }

    private void Will()
    {
        var count = (uint)_random.Next(WillOptions.Length + 1);
        Map(count);
        for (var i = 0; i < count; i++)
        {
            var option = _random.OneIn(10) ? _random.Of<string>(WillOptions) : WillOptions[i];
            Text(option);
            if (_random.OneIn(6)) Element(0);
            else if (option == "payload") Binary(_random.Next(40));
            else if (option == "headers") HeaderMap(_random.Next(5));
            else if (_random.OneIn(8)) LongText();
            else Text(_random.Of<string>(Subjects));
        }
    }

    private void HeaderMap(int count)
    {
        Map((uint)count);
        for (; count > 0; count--)
        {
            if (_random.OneIn(30)) LongText();
            else Text(_random.Of<string>(Headers));
            if (_random.OneIn(10)) Element(0);
            else if (_random.OneIn(30)) LongText();
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
}
