using System.Globalization;
using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>The table of the requests that wait for an answer: their numbers, their times and who may end them.</summary>
public class PendingRequestsTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Numbers_are_never_used_again_and_those_of_ended_requests_find_nobody()
    {
        PendingRequests requests = new();
        Dictionary<ulong, Waiting> open = [];
        Random random = new(7);
        HashSet<ulong> seen = [];
        for (int i = 0; i < 20_000; i++)
        {
            Waiting request = new();
            ulong number = requests.Add(request, long.MaxValue);
            Assert.True(seen.Add(number));
            open.Add(number, request);
            if (random.Next(5) == 0) continue;
            ulong ended = open.Keys.ElementAt(random.Next(Math.Min(open.Count, 50)));
            Assert.Same(open[ended], requests.Claim(Digits(ended)));
            Assert.Null(requests.Claim(Digits(ended)));
            Assert.False(requests.Remove(ended));
            open.Remove(ended);
        }

        Assert.All(open, pair => Assert.Same(pair.Value, requests.Claim(Digits(pair.Key))));
        Assert.Null(requests.Claim("direct"u8));
        Assert.Null(requests.Claim("000000000000012x"u8));
    }

    [Fact]
    public void What_takes_many_answers_stays_until_it_is_removed()
    {
        PendingRequests requests = new();
        Waiting many = new() { IsOnce = false };
        ulong number = requests.Add(many, long.MaxValue);
        Assert.Same(many, requests.Claim(Digits(number)));
        Assert.Same(many, requests.Claim(Digits(number)));
        Assert.True(requests.Remove(number));
        Assert.Null(requests.Claim(Digits(number)));
    }

    [Fact]
    public void Losing_the_connection_ends_all_that_are_open_and_no_other()
    {
        PendingRequests requests = new();
        Waiting[] waiting = [.. Enumerable.Range(0, 300).Select(_ => new Waiting())];
        ulong[] numbers = [.. waiting.Select(request => requests.Add(request, long.MaxValue))];
        requests.Remove(numbers[17]);
        requests.FailAll(new InvalidOperationException());
        Assert.All(waiting, request => Assert.Equal(request == waiting[17] ? 0 : 1, request.Lost));
        Assert.Null(requests.Claim(Digits(numbers[18])));
    }

    [Fact]
    public void One_timer_ends_each_request_when_it_is_due_and_never_before()
    {
        ManualTime time = new();
        PendingRequests requests = new();
        using RequestSweep sweep = new(requests, time);
        Random random = new(3);
        List<(Waiting Request, TimeSpan Due)> waiting = [];
        TimeSpan now = TimeSpan.Zero;
        for (int step = 0; step < 5_000; step++)
        {
            if (step < 4_000)
            {
                TimeSpan patience = TimeSpan.FromMicroseconds(random.Next(200_000));
                Waiting request = new();
                long deadline = sweep.DeadlineAfter(patience);
                requests.Add(request, deadline);
                sweep.EnsureSweep(deadline);
                waiting.Add((request, now + patience));
            }

            time.Advance(Millisecond);
            now += Millisecond;
            Assert.All(waiting, one => Assert.True(now >= one.Due || one.Request.Expired == 0, "too early"));
            Assert.All(waiting, one => Assert.True(now < one.Due + (20 * Millisecond) || one.Request.Expired == 1, "too late"));
            waiting.RemoveAll(one => one.Request.Expired == 1);
        }

        Assert.Empty(waiting);
    }

    [Fact]
    public void Requests_that_are_answered_in_time_set_the_timer_once_in_a_timeout()
    {
        ManualTime time = new();
        PendingRequests requests = new();
        using RequestSweep sweep = new(requests, time);
        for (int i = 0; i < 10_000; i++)
        {
            long deadline = sweep.DeadlineAfter(TimeSpan.FromSeconds(5));
            ulong number = requests.Add(new Waiting(), deadline);
            sweep.EnsureSweep(deadline);
            time.Advance(Millisecond);
            requests.Remove(number);
        }

        Assert.InRange(time.Settings, 1, 4);
        time.Advance(TimeSpan.FromSeconds(20));
        int settings = time.Settings;
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(settings, time.Settings);
    }

    [Fact]
    public void A_timeout_may_be_infinite_and_must_not_be_negative()
    {
        using RequestSweep sweep = new(new PendingRequests(), TimeProvider.System);
        Assert.Equal(long.MaxValue, sweep.DeadlineAfter(Timeout.InfiniteTimeSpan));
        Assert.Equal(long.MaxValue, sweep.DeadlineAfter(TimeSpan.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => sweep.DeadlineAfter(TimeSpan.FromSeconds(-1)));
    }

    /// <summary>An answer, the end of its time and its caller's cancellation, all at once: one of them ends it, and the next use of the object is clean.</summary>
    [Fact]
    public async Task A_request_ends_exactly_once_whoever_races_for_it()
    {
        const int Rounds = 10_000;
        PendingRequests requests = new();
        Dictionary<string, int> ends = [];
        using Barrier together = new(4);
        ulong number = 0;
        string text = "";
        ReceiveBuffer buffer = new(4096, home: null);
        CancellationTokenSource cancel = new();
        int length = 0, ways = 0;
        Thread[] racers =
        [
            Race(() =>
            {
                if (requests.Claim(Digits(number)) is { } claimed) claimed.OnAnswer(buffer, 0, length, Wire.SomeSender);
            }, 1),
            Race(() => requests.Expire(10), 2),
            Race(() => cancel.Cancel(), 4),
        ];
        for (int round = 0; round < Rounds; round++)
        {
            text = $"answer {round}";
            byte[] frame = Wire.Publish($"_INBOX.{Wire.SomeId}.{round}", text);
            (length, ways) = (frame.Length, 1 + (round % 7));
            frame.CopyTo(buffer.Bytes, 0);
            SingleRequest request = requests.Rent(inbox: null!);
            request.Begin("a.b", Millisecond);
            number = requests.Add(request, deadline: 5);
            request.OnSent(number, cancel.Token);
            ValueTask<Message> promise = request.Promise;
            together.SignalAndWait(Token);
            string end = await EndAsync(promise, text, cancel.Token);
            ends[end] = ends.GetValueOrDefault(end) + 1;
            together.SignalAndWait(Token);
            if (cancel.IsCancellationRequested) cancel = new CancellationTokenSource();
        }

        foreach (Thread racer in racers) racer.Join();
        Assert.Equal(Rounds, ends.Values.Sum());
        Assert.Equal(["answer", "cancelled", "expired"], ends.Keys.Order());
        Assert.All(ends.Values, count => Assert.True(count >= Rounds / 7));

        Thread Race(Action act, int way)
        {
            Thread thread = new(() =>
            {
                for (int round = 0; round < Rounds; round++)
                {
                    together.SignalAndWait(CancellationToken.None);
                    if ((ways & way) != 0) act();
                    together.SignalAndWait(CancellationToken.None);
                }
            })
            { IsBackground = true };
            thread.Start();
            return thread;
        }
    }

    private static async Task<string> EndAsync(ValueTask<Message> promise, string expected, CancellationToken cancellation)
    {
        try
        {
            Message answer = await promise;
            Assert.Equal((expected, Wire.SomeSender), (Encoding.UTF8.GetString(answer.Payload.Span), answer.Sender));
            return "answer";
        }
        catch (RequestTimeoutException error)
        {
            Assert.Equal("a.b", error.Subject);
            return "expired";
        }
        catch (OperationCanceledException error)
        {
            Assert.Equal(cancellation, error.CancellationToken);
            return "cancelled";
        }
    }

    private static byte[] Digits(ulong number) => Encoding.UTF8.GetBytes(number.ToString("x16", CultureInfo.InvariantCulture));

    private sealed class Waiting : IPendingRequest
    {
        public bool IsOnce { get; init; } = true;

        public int Expired { get; private set; }

        public int Lost { get; private set; }

        public void OnAnswer(ReceiveBuffer buffer, int offset, int length, Guid sender) => throw new NotSupportedException();

        public void OnRefused(ErrorCommand error) => throw new NotSupportedException();

        public void OnLost(Exception error) => Lost++;

        public void OnExpired() => Expired++;
    }
}
