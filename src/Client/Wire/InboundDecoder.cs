using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// The pure reader of what a broker sends: given the bytes that have arrived and not been consumed, it names the next step. It holds the open
/// DELIVER (recipients, sender, how many frames are still to come) and nothing else: no buffer, no clock, no socket, so that a stream cut at any
/// offset gives the same messages. DELIVER ([8, [sid...], sender, count, flags]) is followed by exactly count PUBLISH frames (PROTOCOL.md, "DELIVER"); a run
/// comes out in several parts when its bytes arrive in several reads.
/// </summary>
internal sealed class InboundDecoder
{
    private readonly uint[] _sids = new uint[Limits.MaxDeliverSids];
    private int _sidCount;
    private uint _remaining;

    /// <summary>The limits in force: those every peer may count on until WELCOME names others.</summary>
    public Limits Limits { get; set; } = Limits.Default;

    /// <summary>Who the frames of the last run are for; empty means the inbox of the connection.</summary>
    public ReadOnlySpan<uint> Sids => _sids.AsSpan(0, _sidCount);

    /// <summary>Who published the frames of the last run.</summary>
    public Guid Sender { get; private set; }

    /// <summary>Further properties of the frames of the last run.</summary>
    public DeliverFlags Flags { get; private set; }

    /// <summary>
    /// The bytes of the last step; for <see cref="DecodeStep.NeedMore"/> the least number of bytes with which it makes sense to try again.
    /// </summary>
    public int Length { get; private set; }

    /// <summary>How many frames the last run has.</summary>
    public int Count { get; private set; }

    /// <summary>The kind of the last control frame.</summary>
    public FrameKind Kind { get; private set; }

    /// <summary>After <see cref="DecodeStep.Wrong"/>: what is wrong, in a sentence.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>After <see cref="DecodeStep.Wrong"/>: the close reason for it.</summary>
    public CloseReason ProblemReason { get; private set; }

    /// <summary>Decodes the bytes that follow everything consumed so far.</summary>
    public DecodeStep Next(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            Length = 1;
            return DecodeStep.NeedMore;
        }

        return _remaining > 0 ? NextRun(bytes) : NextControl(bytes);
    }

    private DecodeStep NextControl(ReadOnlySpan<byte> bytes)
    {
        ScanResult result = FrameScanner.Scan(bytes, Limits, out FrameHead head);
        Length = head.Length;
        if (result == ScanResult.NeedMore) return DecodeStep.NeedMore;
        if (result != ScanResult.Done) return Refuse(head);
        Kind = head.Kind;
        return head.Kind switch
        {
            FrameKind.Publish => Refuse("a PUBLISH came without a DELIVER that announces it"),
            FrameKind.Deliver => OpenDeliver(bytes[..head.Length]),
            _ => DecodeStep.Control,
        };
    }

    private DecodeStep OpenDeliver(ReadOnlySpan<byte> frame)
    {
        if (!CommandReader.TryReadDeliver(frame, _sids, out _sidCount, out Guid sender, out _remaining, out DeliverFlags flags))
        {
            (_sidCount, _remaining) = (0, 0);
            return Refuse("a DELIVER could not be read");
        }

        Sender = sender;
        Flags = flags;
        return DecodeStep.Header;
    }

    private DecodeStep NextRun(ReadOnlySpan<byte> bytes)
    {
        int length = 0, count = 0;
        while (count < _remaining && length < bytes.Length)
        {
            ReadOnlySpan<byte> rest = bytes[length..];
            ScanResult result = FrameScanner.Scan(rest, Limits, out FrameHead head);
            if (result != ScanResult.Done || head.Kind != FrameKind.Publish)
            {
                if (count > 0) break;
                Length = head.Length;
                if (result == ScanResult.NeedMore) return DecodeStep.NeedMore;
                return result == ScanResult.Done ? Refuse($"{head.Kind.ToText()} came where a DELIVER had announced a PUBLISH") : Refuse(head);
            }

            int runLength = head.Length, runCount = 1;
            FrameScanner.ExtendRun(rest, head, Limits, ref runLength, ref runCount, out _);
            if (runCount > _remaining - count)
            {
                runCount = (int)(_remaining - (uint)count);
                runLength = FrameScanner.SkipFrames(rest, Limits, runCount);
            }

            length += runLength;
            count += runCount;
        }

        _remaining -= (uint)count;
        Length = length;
        Count = count;
        return DecodeStep.Run;
    }

    private DecodeStep Refuse(in FrameHead head)
    {
        Problem = head.Describe(Limits);
        ProblemReason = head.Violation.IsTooBig() ? CloseReason.FrameTooBig : CloseReason.Violation;
        return DecodeStep.Wrong;
    }

    private DecodeStep Refuse(string problem)
    {
        Problem = problem;
        ProblemReason = CloseReason.Violation;
        return DecodeStep.Wrong;
    }
}

/// <summary>What an <see cref="InboundDecoder"/> found at the start of the bytes.</summary>
internal enum DecodeStep : byte
{
    /// <summary>Not a whole frame yet.</summary>
    NeedMore,

    /// <summary>The header of a DELIVER: consume it and go on.</summary>
    Header,

    /// <summary>One or more whole PUBLISH frames for the same recipients of the same sender.</summary>
    Run,

    /// <summary>A whole frame of another kind.</summary>
    Control,

    /// <summary>No such bytes are allowed here; the connection ends.</summary>
    Wrong,
}
