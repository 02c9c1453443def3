using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace UdsBroker.Protocol;

/// <summary>What the broker sends: WELCOME, DELIVER, ERROR, MISSED.</summary>
public static partial class CommandReader
{
    // [2, version, id:bin16, info:map / nil]; info: broker:str, version:str, limits:map, uid, gid, groups:[gid, ...], pid

    /// <summary>Reads a WELCOME. A fault that is not a violation concerns an entry of the info map.</summary>
    public static bool TryReadWelcome(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out WelcomeCommand? command, out CommandFault fault)
    {
        if (!TryOpen(frame, FrameKind.Welcome, out ElementCursor cursor)
            || !cursor.TryReadUInt32(out uint version) || !cursor.TryReadId(out Guid id))
        {
            return Reject(Broken(FrameKind.Welcome, cursor), out command, out fault);
        }

        WelcomeInfo read = new();
        OptionReader info = new(cursor);
        while (info.MoveNext())
        {
            if (info.Is("broker"u8))
                read = read with { Broker = info.ReadText() ?? "" };
            else if (info.Is("version"u8))
                read = read with { BrokerVersion = info.ReadText() ?? "" };
            else if (info.Is("limits"u8))
                read = read with { Limits = ReadLimits(ref info) };
            else if (info.Is("uid"u8))
                read = read with { Uid = (uint?)info.ReadNumber(max: uint.MaxValue) };
            else if (info.Is("gid"u8))
                read = read with { Gid = (uint?)info.ReadNumber(max: uint.MaxValue) };
            else if (info.Is("groups"u8))
                read = read with { Groups = info.ReadNumbers(WelcomeInfo.MaxGroups) ?? [] };
            else if (info.Is("pid"u8))
                read = read with { Pid = (int?)info.ReadNumber(max: int.MaxValue) };
        }

        if (info.TryGetFault(FrameKind.Welcome, sid: null, out CommandFault found))
            return Reject(found, out command, out fault);
        return read.Limits.FindProblem() is { } problem
            ? Reject(new CommandFault(IsViolation: false, ErrorCode.BadOption, $"WELCOME: {problem}"), out command, out fault)
            : Accept(new WelcomeCommand(version, id, read), out command, out fault);
    }

    // [8, [sid, ...], sender:bin16, count, flags]

    /// <summary>Reads a DELIVER.</summary>
    public static bool TryReadDeliver(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out DeliverCommand? command, out CommandFault fault)
    {
        Span<uint> sids = stackalloc uint[Limits.MaxDeliverSids];
        return TryReadDeliver(frame, sids, out ElementCursor cursor, out int sidCount, out Guid sender, out uint count, out DeliverFlags flags)
            ? Accept(new DeliverCommand(sids[..sidCount].ToArray(), sender, count, flags), out command, out fault)
            : Reject(Broken(FrameKind.Deliver, cursor), out command, out fault);
    }

    /// <summary>
    /// Reads a DELIVER without allocating; false is a violation, or that <paramref name="sids"/> is too short:
    /// <see cref="Limits.MaxDeliverSids"/> is always enough.
    /// </summary>
    public static bool TryReadDeliver(
        ReadOnlySpan<byte> frame, Span<uint> sids, out int sidCount, out Guid sender, out uint count, out DeliverFlags flags) =>
        TryReadDeliver(frame, sids, out _, out sidCount, out sender, out count, out flags);

    // [9, code, message:str, context:map(str -> str) / nil]

    /// <summary>
    /// Reads an ERROR. A code that this build does not know is kept as its number; entries of the context that are not text are left out.
    /// </summary>
    public static bool TryReadError(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out ErrorCommand? command, out CommandFault fault)
    {
        if (!TryOpen(frame, FrameKind.Error, out ElementCursor cursor)
            || cursor.ReadUnsigned(ushort.MaxValue, out ulong code) != ScanResult.Done
            || !cursor.TryReadUtf8(out ReadOnlySpan<byte> message))
        {
            return Reject(Broken(FrameKind.Error, cursor), out command, out fault);
        }

        Dictionary<string, string>? context = null;
        OptionReader entries = new(cursor);
        while (entries.MoveNext())
        {
            if (entries.IsText && entries.ReadText() is { } value)
                (context ??= [])[entries.Name] = value;
        }

        return entries.TryGetFault(FrameKind.Error, sid: null, out CommandFault found)
            ? Reject(found, out command, out fault)
            : Accept(new ErrorCommand((ErrorCode)code, Encoding.UTF8.GetString(message), context), out command, out fault);
    }

    // [11, sid, count, expired]

    /// <summary>Reads a MISSED.</summary>
    public static bool TryReadMissed(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out MissedCommand? command, out CommandFault fault) =>
        TryReadMissed(frame, out ElementCursor cursor, out uint sid, out ulong count, out ulong expired)
            ? Accept(new MissedCommand(sid, count, expired), out command, out fault)
            : Reject(Broken(FrameKind.Missed, cursor), out command, out fault);

    /// <summary>Reads a MISSED without allocating; false is a violation.</summary>
    public static bool TryReadMissed(ReadOnlySpan<byte> frame, out uint sid, out ulong count, out ulong expired) =>
        TryReadMissed(frame, out _, out sid, out count, out expired);

    private static bool TryReadMissed(ReadOnlySpan<byte> frame, out ElementCursor cursor, out uint sid, out ulong count, out ulong expired)
    {
        (sid, count, expired) = (0, 0, 0);
        return TryOpen(frame, FrameKind.Missed, out cursor, out uint elements) && cursor.TryReadUInt32(out sid) && cursor.TryReadUInt64(out count)
            && TryReadAppended(ref cursor, elements > 3, ulong.MaxValue, out expired);
    }

    private static Limits ReadLimits(ref OptionReader info)
    {
        Limits limits = Limits.Default;
        OptionReader entries = info.Enter();
        while (entries.MoveNext())
        {
            foreach (LimitName limit in LimitName.All)
            {
                if (entries.Is(limit.Name) && entries.ReadNumber(max: int.MaxValue) is { } value)
                    limits = limit.With(limits, (int)value);
            }
        }

        info.Leave(entries);
        return limits;
    }

    private static bool TryReadDeliver(
        ReadOnlySpan<byte> frame, Span<uint> sids, out ElementCursor cursor, out int sidCount, out Guid sender, out uint count, out DeliverFlags flags)
    {
        sidCount = 0;
        sender = default;
        count = 0;
        flags = DeliverFlags.None;
        if (!TryOpen(frame, FrameKind.Deliver, out cursor, out uint elements) || cursor.ReadArrayHeader(out uint claimed) != ScanResult.Done)
            return false;
        if (claimed > (uint)Math.Min(sids.Length, Limits.MaxDeliverSids))
        {
            cursor.Refuse(Violation.OutOfRange);
            return false;
        }

        for (; sidCount < (int)claimed; sidCount++)
        {
            if (!cursor.TryReadUInt32(out sids[sidCount]))
                return false;
        }

        if (!cursor.TryReadId(out sender) || !cursor.TryReadUInt32(out count))
            return false;
        if (count == 0)
            cursor.Refuse(Violation.OutOfRange);
        bool isRead = TryReadAppended(ref cursor, elements > 4, uint.MaxValue, out ulong bits);
        flags = (DeliverFlags)bits;
        return isRead && count > 0;
    }
}
