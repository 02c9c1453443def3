using UdsBroker.Protocol;
using UdsBroker.Protocol.Tests;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// I1, I3, I4, I5: millions of generated and mutated inputs through the scanner and the readers. No exception, no memory for what is only
/// claimed, an answer that does not change when the bytes come in two pieces, and a violation that says which.
/// </summary>
public sealed class ScannerFuzzTests
{
    // With the core's fuzz a minute of it in every run.
    private static readonly TimeSpan AtLeast = TimeSpan.FromSeconds(30);

    [Fact]
    public void Whatever_the_bytes_the_scanner_answers_without_an_exception_and_without_memory()
    {
        var campaign = Campaign.Begin("scanner fuzz", inCi: 1_500_000, whenLong: 10_000_000);
        var generator = new FrameGenerator();
        var answers = new long[4];
        long bytesSeen = 0;
        foreach (var round in campaign.RoundsFor(AtLeast))
        {
            if (round % 4096 == 0) Campaign.Cancelled.ThrowIfCancellationRequested();
            var random = new SeededRandom(campaign.Seed, round);
            var bytes = generator.Next(random, isGreeted: round % 4 != 0);
            bytesSeen += bytes.Length;
            try
            {
                Check(bytes, round % 2 == 0 ? Limits.Default : FuzzLimits.Tight, random, answers);
            }
            catch (Exception failure)
            {
                throw campaign.Replayable(round, failure, $", bytes {Convert.ToHexString(bytes)}");
            }
        }

        campaign.Say(
            $"{campaign.Rounds} inputs, {bytesSeen >> 20} MiB: {answers[0]} whole frames, {answers[1]} unfinished, "
            + $"{answers[2]} violations, {answers[3]} too big");
        Assert.All(answers, answer => Assert.True(answer > campaign.Rounds / 200, "an answer was hardly ever given: the generator has lost its bite"));
    }

    // All frames of the input, as a connection would scan them.
    private static void Check(ReadOnlySpan<byte> bytes, Limits limits, SeededRandom random, long[] answers)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            var rest = bytes[at..];
            var before = GC.GetAllocatedBytesForCurrentThread();
            var result = FrameScanner.Scan(rest, limits, out var head);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated != 0 && AlwaysAllocates(rest, limits)) Assert.Fail($"the scanner allocated {allocated} bytes");
            answers[(int)result]++;
            CheckCut(rest, limits, random, result, head);
            if (result != ScanResult.Done)
            {
                if (result != ScanResult.NeedMore && head.Describe(limits).Length == 0) Assert.Fail("a violation without words");
                return;
            }

            if (head.Length <= 0 || head.Length > rest.Length) Assert.Fail($"a frame of {head.Length} in {rest.Length} bytes");
            if (head.Kind == FrameKind.Publish) CheckHeaders(rest.Slice(head.HeadersStart, head.HeadersLength));
            else CheckReaders(rest[..head.Length], head.Kind);
            at += head.Length;
        }
    }

    // A collection between the two readings of the counter moves it once in millions of times; what the scanner allocates it allocates every time.
    private static bool AlwaysAllocates(ReadOnlySpan<byte> bytes, Limits limits)
    {
        for (var again = 0; again < 3; again++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            FrameScanner.Scan(bytes, limits, out _);
            if (GC.GetAllocatedBytesForCurrentThread() == before) return false;
        }

        return true;
    }

    // The first piece alone is either the same answer or not yet one.
    private static void CheckCut(ReadOnlySpan<byte> bytes, Limits limits, SeededRandom random, ScanResult whole, in FrameHead wholeHead)
    {
        var cut = random.Next(bytes.Length + 1);
        var result = FrameScanner.Scan(bytes[..cut], limits, out var head);
        if (result == ScanResult.NeedMore)
        {
            if (head.Length <= cut || head.Length > limits.MaxFrameBytes) Assert.Fail($"needs {head.Length} bytes with {cut} there");
            return;
        }

        if (result != whole || head.Violation != wholeHead.Violation || (result == ScanResult.Done && head.Length != wholeHead.Length))
            Assert.Fail($"cut at {cut} it is {result}, whole it is {whole}");
    }

    // Text takes twice its bytes. The maps of the generator are small; HostileTests has what a map of texts takes at worst.
    private static void CheckReaders(ReadOnlySpan<byte> frame, FrameKind kind)
    {
        CheckAllocation(frame, (2 * frame.Length) + 4096, bytes => Commands.TryRead(bytes, kind, out _, out _));
        if (!Commands.TryRead(frame, kind, out _, out var fault) && fault.Message is not { Length: > 0 }) Assert.Fail("refused without words");
    }

    // The broker reads headers in place; a refusal is one sentence. A client makes a dictionary of them.
    private static void CheckHeaders(ReadOnlySpan<byte> headers)
    {
        CheckAllocation(headers, 256, bytes => Directives.TryRead(bytes, out _, out _));
        CheckAllocation(headers, (2 * headers.Length) + (128 * Count(headers)) + 4096, bytes => HeaderCodec.Decode(bytes));
    }

    private static int Count(ReadOnlySpan<byte> headers)
    {
        var count = 0;
        var entries = HeaderCodec.Enumerate(headers);
        while (entries.MoveNext()) count++;
        return count;
    }

    // Three times, for a collection between the two readings of the counter moves it.
    private static void CheckAllocation(ReadOnlySpan<byte> bytes, int most, Action<ReadOnlySpan<byte>> read)
    {
        long allocated = 0;
        for (var again = 0; again < 3; again++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            read(bytes);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated <= most) return;
        }

        Assert.Fail($"reading {bytes.Length} bytes allocated {allocated}, more than {most}");
    }
}
