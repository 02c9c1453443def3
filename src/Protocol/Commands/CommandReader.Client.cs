using System.Diagnostics.CodeAnalysis;

namespace UdsBroker.Protocol;

/// <summary>What clients send: HELLO, SUBSCRIBE, UNSUBSCRIBE, CREDIT.</summary>
public static partial class CommandReader
{
    // [1, version, options:map / nil]; options: name:str, lang:str, version:str, will:map
    // will: subject:str, payload:bin, headers:map(str -> str) / nil, reply:str / nil

    /// <summary>
    /// Reads a HELLO. A fault that is not a violation concerns an option. The command is then returned as well, without that option, and is
    /// answered by WELCOME followed by the ERROR.
    /// </summary>
    public static bool TryReadHello(
        ReadOnlySpan<byte> frame, [NotNullWhen(true)] out HelloCommand? command, out CommandFault fault)
    {
        if (!TryOpen(frame, FrameKind.Hello, out ElementCursor cursor) || !cursor.TryReadUInt32(out uint version))
            return Reject(Broken(FrameKind.Hello, cursor), out command, out fault);

        HelloOptions read = new();
        OptionReader options = new(cursor);
        while (options.MoveNext())
        {
            if (options.Is("name"u8))
                read = read with { Name = options.ReadText() };
            else if (options.Is("lang"u8))
                read = read with { Lang = options.ReadText() };
            else if (options.Is("version"u8))
                read = read with { LibraryVersion = options.ReadText() };
            else if (options.Is("will"u8))
                read = read with { Will = ReadWill(ref options) };
        }

        bool isFaulty = options.TryGetFault(FrameKind.Hello, sid: null, out fault);
        command = fault.IsViolation ? null : new HelloCommand(version, read);
        return !isFaulty;
    }

    // [3, sid, pattern:str, options:map / nil]; options: queue:str, credit, overflow:str, pending, retained:bool

    /// <summary>
    /// Reads a SUBSCRIBE. The pattern is checked to be UTF-8 and nothing more. A fault that is not a violation concerns an option and names
    /// the sid.
    /// </summary>
    public static bool TryReadSubscribe(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out SubscribeCommand? command, out CommandFault fault)
    {
        if (!TryOpen(frame, FrameKind.Subscribe, out ElementCursor cursor)
            || !cursor.TryReadUInt32(out uint sid) || !cursor.TryReadUtf8(out ReadOnlySpan<byte> pattern))
        {
            return Reject(Broken(FrameKind.Subscribe, cursor), out command, out fault);
        }

        SubscribeOptions read = SubscribeOptions.None;
        OptionReader options = new(cursor);
        while (options.MoveNext())
        {
            if (options.Is("queue"u8))
                read = read with { Queue = options.ReadText(min: 1, max: Limits.Default.MaxSubjectBytes) };
            else if (options.Is("credit"u8))
                read = read with { Credit = options.ReadNumber() };
            else if (options.Is("overflow"u8))
                read = read with { Overflow = options.ReadOverflow() };
            else if (options.Is("pending"u8))
                read = read with { PendingBytes = options.ReadNumber(min: 1) };
            else if (options.Is("retained"u8))
                read = read with { Retained = options.ReadSwitch() };
        }

        return options.TryGetFault(FrameKind.Subscribe, sid, out CommandFault found)
            ? Reject(found, out command, out fault)
            : Accept(new SubscribeCommand(sid, pattern.ToArray(), read), out command, out fault);
    }

    // [4, sid, max / nil, options:map / nil]; the options may be left out; options: drain:bool

    /// <summary>Reads an UNSUBSCRIBE. A fault that is not a violation concerns an option and names the sid.</summary>
    public static bool TryReadUnsubscribe(
        ReadOnlySpan<byte> frame, [NotNullWhen(true)] out UnsubscribeCommand? command, out CommandFault fault)
    {
        if (!TryOpen(frame, FrameKind.Unsubscribe, out ElementCursor cursor, out uint elements)
            || !cursor.TryReadUInt32(out uint sid) || !cursor.TryReadUInt64OrNil(out ulong? max))
        {
            return Reject(Broken(FrameKind.Unsubscribe, cursor), out command, out fault);
        }

        UnsubscribeCommand read = new(sid, max);
        if (elements <= 3)
            return Accept(read, out command, out fault);
        OptionReader options = new(cursor);
        while (options.MoveNext())
        {
            if (options.Is("drain"u8))
                read = read with { Drain = options.ReadSwitch() ?? false };
        }

        return options.TryGetFault(FrameKind.Unsubscribe, sid, out CommandFault found)
            ? Reject(found, out command, out fault)
            : Accept(read, out command, out fault);
    }

    // [12, sid, count]

    /// <summary>Reads a CREDIT.</summary>
    public static bool TryReadCredit(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out CreditCommand? command, out CommandFault fault) =>
        TryOpen(frame, FrameKind.Credit, out ElementCursor cursor) && cursor.TryReadUInt32(out uint sid) && cursor.TryReadUInt64(out ulong count)
            ? Accept(new CreditCommand(sid, count), out command, out fault)
            : Reject(Broken(FrameKind.Credit, cursor), out command, out fault);

    private static LastWill? ReadWill(ref OptionReader options)
    {
        if (options.IsNil)
            return null;
        string? subject = null, reply = null;
        byte[]? payload = null;
        Dictionary<string, string>? headers = null;
        OptionReader will = options.Enter();
        while (will.MoveNext())
        {
            if (will.Is("subject"u8))
                subject = will.ReadText(min: 1, max: Limits.Default.MaxSubjectBytes);
            else if (will.Is("payload"u8))
                payload = will.ReadBin();
            else if (will.Is("headers"u8))
                headers = will.ReadTexts();
            else if (will.Is("reply"u8))
                reply = will.ReadText(min: 1, max: Limits.Default.MaxSubjectBytes);
        }

        if (subject is null)
            will.ReportInvalid("subject", $"a str of 1 to {Limits.Default.MaxSubjectBytes} bytes");
        bool isGood = !will.IsFaulty;
        options.Leave(will);
        return isGood ? new LastWill(subject!, payload) { Headers = headers, Reply = reply } : null;
    }
}
