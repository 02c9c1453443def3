namespace UdsBroker.Protocol.Tests;

/// <summary>
/// Mutated frames: whatever the bytes, the scanner answers without an exception and without memory, its answers are consistent with each
/// other and with a plain reading of MessagePack, and what it accepts can be read or is refused with a text. It begins with the golden vectors; many
/// more inputs, without the plain reading, are in the fault campaigns. The seed is in every message of a failure; UDSBROKER_FUZZ_SEED replays one and
/// UDSBROKER_FUZZ_ROUNDS makes the run longer.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Rounds = 200_000;

    // Bytes that begin something interesting are tried more often than others.
    private static readonly byte[] Codes = [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x95, 0x9F, 0xA0, 0xBF, .. Enumerable.Range(0xC0, 0x20).Select(code => (byte)code), 0xE0, 0xFF];

    [Fact]
    public void Mutated_frames_never_break_the_scanner()
    {
        int seed = Setting("UDSBROKER_FUZZ_SEED") ?? Random.Shared.Next();
        int rounds = Setting("UDSBROKER_FUZZ_ROUNDS") ?? Rounds;
        output.WriteLine($"seed {seed}, {rounds} rounds");
        Random random = new(seed);
        Span<long> answers = stackalloc long[4];
        for (int round = 0; round < rounds; round++)
        {
            byte[] bytes = Mutate(random);
            try
            {
                answers[(int)Check(bytes, round % 2 == 0 ? Limits.Default : FuzzLimits.Tight, random)]++;
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"seed {seed}, round {round}, bytes {Hex.Text(bytes)}", exception);
            }
        }

        output.WriteLine($"done {answers[0]}, need more {answers[1]}, violation {answers[2]}, too big {answers[3]}");
        foreach (long answer in answers)
            Assert.True(answer > rounds / 200, "an answer was hardly ever given: the mutations have lost their bite");
    }

    [Fact]
    public void Random_bytes_never_break_the_readers()
    {
        int seed = Setting("UDSBROKER_FUZZ_SEED") ?? Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = round % 2 == 0 ? Mutate(random) : [.. Enumerable.Range(0, random.Next(40)).Select(_ => Codes[random.Next(Codes.Length)])];
            foreach (FrameKind kind in Enum.GetValues<FrameKind>().Where(kind => kind is not (FrameKind.None or FrameKind.Publish)))
                AssertReadOrRefused(bytes, kind);
            HeaderEnumerator headers = HeaderCodec.Enumerate(bytes);
            while (headers.MoveNext())
                Assert.True(headers.Name.Length + headers.Value.Length < bytes.Length);
        }
    }

    private static ScanResult Check(byte[] bytes, Limits limits, Random random)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        ScanResult result = FrameScanner.Scan(bytes, limits, out FrameHead head);
        if (GC.GetAllocatedBytesForCurrentThread() != before) AssertAllocatesNothing(bytes, limits);
        Assert.Equal(result is ScanResult.Violation or ScanResult.TooBig, head.Violation != Violation.None);
        Assert.Equal(result == ScanResult.TooBig, head.Violation.IsTooBig());

        int? whole = Reference.Measure(bytes);
        byte[] longer = [.. bytes, .. Codes];
        ScanResult extended = FrameScanner.Scan(longer, limits, out FrameHead longerHead);
        switch (result)
        {
            case ScanResult.Done:
                Assert.Equal(whole, head.Length);
                Assert.Equal((result, head.Length), (extended, longerHead.Length));
                FrameScanner.Scan(bytes.AsSpan(0, random.Next(head.Length)), limits, out FrameHead cutHead);
                Assert.InRange(cutHead.Length, 1, head.Length);
                if (head.Kind == FrameKind.Publish)
                    AssertInside(head);
                else
                    AssertReadOrRefused(bytes[..head.Length], head.Kind);
                break;
            case ScanResult.NeedMore:
                Assert.Null(whole);
                Assert.True(head.Length > bytes.Length && head.Length <= limits.MaxFrameBytes);
                break;
            default:
                Assert.Equal((result, head.Violation), (extended, longerHead.Violation));
                break;
        }

        return result;
    }

    // A collection between the two readings of the counter moves it, too.
    private static void AssertAllocatesNothing(byte[] bytes, Limits limits) =>
        Assert.Equal(0, Enumerable.Range(0, 3).Min(_ => Allocation.Of(() => FrameScanner.Scan(bytes, limits, out FrameHead _))));

    private static void AssertInside(in FrameHead head)
    {
        Assert.InRange(head.SubjectLength, 1, head.Length);
        Assert.True(head.SubjectStart > 1 && head.PrefixLength <= head.Length);
        Assert.True(head.ReplyLength == -1 || (head.ReplyLength > 0 && head.ReplyStart > head.PrefixLength));
        Assert.True(head.HeadersLength == 0 || head.HeadersStart > head.PrefixLength);
        Assert.True(head.PayloadStart > head.PrefixLength && head.PayloadStart + head.PayloadLength <= head.Length);
    }

    private static void AssertReadOrRefused(byte[] frame, FrameKind kind)
    {
        bool isRead = Commands.TryRead(frame, kind, out object? command, out CommandFault fault);
        Assert.Equal(isRead || (kind == FrameKind.Hello && !fault.IsViolation), command is not null);
        Assert.Equal(!isRead, fault.Message is { Length: > 0 });
        Assert.True(isRead || fault.IsViolation || fault.Code == ErrorCode.BadOption);
    }

    private static byte[] Mutate(Random random)
    {
        List<byte> bytes = [.. Vector.All[random.Next(Vector.All.Count)].Bytes];
        for (int change = random.Next(4); change > 0 && bytes.Count > 0; change--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] = Codes[random.Next(Codes.Length)]; break;
                case 2: bytes.Insert(at, Codes[random.Next(Codes.Length)]); break;
                case 3: bytes.RemoveAt(at); break;
                case 4: bytes.RemoveRange(at, bytes.Count - at); break;
                case 5: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                default: bytes.InsertRange(at, Vector.All[random.Next(Vector.All.Count)].Bytes); break;
            }
        }

        return [.. bytes];
    }

    private static int? Setting(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), out int value) ? value : null;
}
