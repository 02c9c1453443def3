using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// I1: a thousand frames of the generator, distinct and always the same, cut at every offset and at every two that are neighbours. A receiver that keeps
/// what is not whole, as a session does, finds the same frame with the same parts.
/// </summary>
public sealed class CorpusCutTests
{
    private const int Seed = 20_240_601;

    private static readonly Lazy<IReadOnlyList<byte[]>> Corpus = new(Generate);

    [Fact]
    public void The_corpus_is_a_thousand_distinct_frames_of_every_kind_that_clients_send()
    {
        Assert.Equal(1000, Corpus.Value.Select(Convert.ToHexString).Distinct().Count());
        FrameKind[] sent =
            [FrameKind.Hello, FrameKind.Subscribe, FrameKind.Unsubscribe, FrameKind.Publish, FrameKind.Ping, FrameKind.Pong, FrameKind.Goodbye, FrameKind.Credit];
        Assert.Empty(sent.Except(Corpus.Value.Select(frame => Whole(frame).Kind)));
    }

    [Fact]
    public void A_frame_cut_at_any_offset_is_the_same_frame()
    {
        foreach (var frame in Corpus.Value)
        {
            var whole = Whole(frame);
            for (var cut = 1; cut < frame.Length; cut++) AssertSame(frame, whole, cut, frame.Length);
        }
    }

    [Fact]
    public void A_frame_with_a_byte_of_its_own_anywhere_is_the_same_frame()
    {
        foreach (var frame in Corpus.Value)
        {
            var whole = Whole(frame);
            for (var cut = 1; cut + 1 < frame.Length; cut++) AssertSame(frame, whole, cut, cut + 1, frame.Length);
        }
    }

    [Fact]
    public void A_session_answers_a_frame_in_pieces_as_it_answers_the_whole()
    {
        var broker = new CoreBroker();
        foreach (var frame in Corpus.Value)
        {
            var kind = Whole(frame).Kind;
            var whole = Answer(broker, kind, frame);
            for (var cut = 1; cut < frame.Length; cut++)
            {
                var (two, three) = (Answer(broker, kind, frame[..cut], frame[cut..]), Answer(broker, kind, frame[..cut], [frame[cut]], frame[(cut + 1)..]));
                if (two != whole || three != whole) Assert.Fail($"{Convert.ToHexString(frame)} cut at {cut}: {two} and {three} instead of {whole}");
            }
        }
    }

    // What a session says to the frame and to a PING after it, and how it ends.
    private static string Answer(CoreBroker broker, FrameKind kind, params IEnumerable<byte[]> pieces)
    {
        var peer = broker.Accept();
        if (kind != FrameKind.Hello) peer.Send(Frames.Hello());
        peer.Send([.. pieces.Where(piece => piece.Length > 0), Frames.Ping(7)]);
        if (peer.IsHeldBack) peer.StallTimer();
        peer.Resume();
        var received = Received.Parse(peer.Socket.TakeReceived());
        peer.Close();
        broker.Kept.Retained.Clear();
        broker.Kept.Delayed.Clear();
        return string.Join(
            "; ",
            [.. received.Kinds, .. received.Errors.Select(error => (object)$"{error.Code} {error.Message}"), .. received.Pongs, .. received.Deliveries, .. peer.Endings]);
    }

    // Until the last piece has come more is needed: always more than what is there and never more than the frame has.
    private static void AssertSame(byte[] frame, in FrameHead whole, params ReadOnlySpan<int> arrivals)
    {
        foreach (var arrived in arrivals)
        {
            var result = FrameScanner.Scan(frame.AsSpan(0, arrived), Limits.Default, out var head);
            var isRight = arrived < frame.Length
                ? result == ScanResult.NeedMore && head.Length > arrived && head.Length <= frame.Length
                : result == ScanResult.Done && IsSame(head, whole);
            if (!isRight) Assert.Fail($"{Convert.ToHexString(frame)} with {arrived} bytes there, cut at {arrivals[0]}: {result}, {head.Kind} of {head.Length}, {head.Violation}");
        }
    }

    private static bool IsSame(in FrameHead head, in FrameHead whole) =>
        (head.Kind, head.Violation, head.Length, head.PrefixLength, head.Parts) == (whole.Kind, whole.Violation, whole.Length, whole.PrefixLength, whole.Parts)
        && (head.SubjectStart, head.SubjectLength, head.ReplyStart, head.ReplyLength) == (whole.SubjectStart, whole.SubjectLength, whole.ReplyStart, whole.ReplyLength)
        && (head.HeadersStart, head.HeadersLength, head.PayloadStart, head.PayloadLength)
            == (whole.HeadersStart, whole.HeadersLength, whole.PayloadStart, whole.PayloadLength);

    private static FrameHead Whole(byte[] frame)
    {
        Assert.Equal(ScanResult.Done, FrameScanner.Scan(frame, Limits.Default, out var head));
        Assert.Equal(frame.Length, head.Length);
        return head;
    }

    private static List<byte[]> Generate()
    {
        var generator = new FrameGenerator();
        var seen = new HashSet<string>();
        var frames = new List<byte[]>();
        for (var round = 0L; frames.Count < 1000; round++)
        {
            var rest = generator.Next(new SeededRandom(Seed, round), isGreeted: round % 8 != 0);
            while (frames.Count < 1000 && FrameScanner.Scan(rest, Limits.Default, out var head) == ScanResult.Done)
            {
                var frame = rest[..head.Length].ToArray();
                if (seen.Add(Convert.ToHexString(frame))) frames.Add(frame);
                rest = rest[head.Length..];
            }
        }

        return frames;
    }
}
