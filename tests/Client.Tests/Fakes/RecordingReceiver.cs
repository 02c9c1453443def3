using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>Writes down what a session tells, message by message, as lines that can be compared.</summary>
internal sealed class RecordingReceiver(byte[] stream) : ISessionReceiver
{
    public List<string> Lines { get; } = [];

    public HashSet<ulong> ForeignTokens { get; } = [];

    public void OnWelcome(WelcomeCommand welcome) => Lines.Add($"welcome {welcome.Id} {welcome.Info.Broker}");

    public void OnRun(ReadOnlySpan<uint> sids, Guid sender, DeliverFlags flags, int offset, int length, int count)
    {
        ReadOnlySpan<byte> frames = stream.AsSpan(offset, length);
        string to = string.Join(",", sids.ToArray());
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(ScanResult.Done, FrameScanner.Scan(frames, Limits.Default, out FrameHead head));
            string subject = Encoding.UTF8.GetString(frames.Slice(head.SubjectStart, head.SubjectLength));
            string payload = Encoding.UTF8.GetString(frames.Slice(head.PayloadStart, head.PayloadLength));
            Lines.Add($"{(flags == DeliverFlags.None ? "" : $"{flags} ")}message to [{to}] from {sender}: {subject}={payload}");
            frames = frames[head.Length..];
        }

        Assert.True(frames.IsEmpty, "a run holds exactly its messages");
    }

    public void OnPing(ulong token) => Lines.Add($"ping {token}");

    public bool OnPong(ulong token, Receipt? receipt)
    {
        Lines.Add($"pong {token} {receipt}");
        return !ForeignTokens.Contains(token);
    }

    public void OnError(ErrorCommand error) => Lines.Add($"error {error.Code} {error.Message}");

    public void OnMissed(uint sid, ulong count, ulong expired) => Lines.Add($"missed {sid} {count}{(expired > 0 ? $", {expired} expired" : "")}");

    public void OnDrained(uint sid) => Lines.Add($"drained {sid}");

    public void OnEnd(CloseReason reason, string message, bool byBroker) => Lines.Add($"end {reason} {(byBroker ? "by broker" : "by client")}: {message}");
}
