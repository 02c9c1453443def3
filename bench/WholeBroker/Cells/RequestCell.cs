using System.Diagnostics;
using System.Text;
using UdsBroker.Bench.Contenders;
using UdsBroker.Bench.Load;
using UdsBroker.Bench.Native;

namespace UdsBroker.Bench.Cells;

/// <summary>
/// A requester and a responder, each a thread with blocking calls; requests and answers are of 128 bytes. Where the wire knows reply
/// subjects, every request carries one; else both sides agree on the subject.
/// </summary>
/// <param name="inFlight">Requests at the same time; with 1 the times are reported as well.</param>
/// <param name="round">How long a round asks.</param>
internal sealed class RequestCell(int inFlight, TimeSpan round) : Cell
{
    private const int PayloadBytes = 128;
    private const string Question = "question.bench";
    private const string Answer = "answer.bench";

    internal override IReadOnlyList<Row> Rows { get; } = inFlight == 1
        ? [new Row("request and answer, one at a time: p50", "us", MoreIsBetter: false), new Row("request and answer, one at a time: p99", "us", MoreIsBetter: false)]
        : [new Row($"requests, {inFlight} in flight", "requests/s")];

    internal override double[] Measure(BrokerProcess broker, Func<BrokerProcess> startFresh)
    {
        using var requester = broker.Connect();
        using var responder = broker.Connect();
        using var responderOut = broker.Connect();
        using var requesterOut = broker.Connect();
        requester.Subscribe(1, Answer);
        responder.Subscribe(1, Question);
        requesterOut.Announce(Question);
        responderOut.Announce(Answer);
        var answering = Task.Factory.StartNew(() => Respond(broker, responder, responderOut), TaskCreationOptions.LongRunning);
        var result = Ask(broker, requester, requesterOut);
        Posix.SendAll(requesterOut.Descriptor, broker.Wire.Publish(Question, Encoding.ASCII.GetBytes(new string('z', PayloadBytes)), Answer));
        answering.Wait();
        return result;
    }

    private double[] Ask(BrokerProcess broker, Link requester, Link output)
    {
        var wire = broker.Wire;
        var payload = Block.Payload(PayloadBytes);
        var request = wire.Publish(Question, payload, Answer);
        var requests = Enumerable.Repeat(request, inFlight).SelectMany(bytes => bytes).ToArray();
        var counter = wire.Count(wire.Delivered(1, Answer, Answer, payload), null);
        var buffer = GC.AllocateUninitializedArray<byte>(65536, pinned: true);
        var times = new Percentiles(1_000_000);
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(round.TotalSeconds * Stopwatch.Frequency);
        long asked = 0;
        for (var now = start; now < end; now = Stopwatch.GetTimestamp())
        {
            var free = (int)(inFlight - (asked - counter.Messages));
            Posix.SendAll(output.Descriptor, requests.AsSpan(0, request.Length * free));
            asked += free;
            counter.Feed(buffer.AsSpan(0, Posix.Receive(requester.Descriptor, buffer)));
            while (inFlight == 1 && counter.Messages < asked) counter.Feed(buffer.AsSpan(0, Posix.Receive(requester.Descriptor, buffer)));
            times.Add(Stopwatch.GetTimestamp() - now);
            Posix.TryReceive(output.Descriptor, buffer);
        }

        while (counter.Messages < asked) counter.Feed(buffer.AsSpan(0, Posix.Receive(requester.Descriptor, buffer)));
        return inFlight == 1 ? [times.Microseconds(0.5), times.Microseconds(0.99)] : [asked / Stopwatch.GetElapsedTime(start).TotalSeconds];
    }

    // Answers as many requests as have come, until one comes whose payload is all z.
    private void Respond(BrokerProcess broker, Link responder, Link output)
    {
        var wire = broker.Wire;
        var payload = Block.Payload(PayloadBytes);
        var answer = wire.Publish(Answer, payload);
        var answers = Enumerable.Repeat(answer, inFlight + 1).SelectMany(bytes => bytes).ToArray();
        var counter = wire.Count(wire.Delivered(1, Question, Question, payload, Answer), null);
        var buffer = GC.AllocateUninitializedArray<byte>(65536, pinned: true);
        long answered = 0;
        while (true)
        {
            var received = Posix.Receive(responder.Descriptor, buffer);
            if (buffer.AsSpan(0, received).IndexOf("zzzzzzzz"u8) >= 0) return;
            counter.Feed(buffer.AsSpan(0, received));
            Posix.SendAll(output.Descriptor, answers.AsSpan(0, (int)(answer.Length * (counter.Messages - answered))));
            answered = counter.Messages;
            Posix.TryReceive(output.Descriptor, buffer);
        }
    }
}
