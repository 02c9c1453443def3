using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

public class CalculationTests
{
    [Fact]
    public void The_delays_double_up_to_the_most_and_are_spread_downwards()
    {
        Backoff backoff = new(new ReconnectOptions { MinDelay = TimeSpan.FromMilliseconds(100), MaxDelay = TimeSpan.FromMilliseconds(500), Jitter = 0.5 });
        Assert.Equal([100, 200, 400, 500], Enumerable.Range(0, 4).Select(_ => backoff.Next(0).TotalMilliseconds));
        backoff.Reset();
        Assert.Equal([50, 100], Enumerable.Range(0, 2).Select(_ => backoff.Next(1).TotalMilliseconds));
    }

    [Fact]
    public void A_backoff_that_starts_at_zero_grows()
    {
        Backoff backoff = new(new ReconnectOptions { MinDelay = TimeSpan.Zero, MaxDelay = TimeSpan.FromMilliseconds(5), Jitter = 0 });
        Assert.Equal([0, 1, 2, 4, 5, 5], Enumerable.Range(0, 6).Select(_ => backoff.Next(0).TotalMilliseconds));
    }

    [Fact]
    public void A_silent_broker_is_probed_and_then_given_up()
    {
        TimeSpan interval = TimeSpan.FromSeconds(10);
        KeepAlive keepAlive = new(interval, maxPingsOut: 2);
        Assert.Equal(KeepAliveStep.Nothing, keepAlive.Tick(1, interval));
        Assert.Equal(KeepAliveStep.SendPing, keepAlive.Tick(1, interval));
        Assert.Equal(KeepAliveStep.Nothing, keepAlive.Tick(2, interval));
        Assert.Equal(KeepAliveStep.SendPing, keepAlive.Tick(2, interval));
        Assert.Equal(KeepAliveStep.SendPing, keepAlive.Tick(2, interval));
        Assert.Equal(KeepAliveStep.Dead, keepAlive.Tick(2, interval));
    }

    [Fact]
    public void A_client_that_was_suspended_does_not_give_the_broker_up()
    {
        TimeSpan interval = TimeSpan.FromSeconds(10);
        KeepAlive keepAlive = new(interval, maxPingsOut: 1);
        Assert.Equal(KeepAliveStep.SendPing, keepAlive.Tick(0, interval));
        Assert.Equal(KeepAliveStep.SendPing, keepAlive.Tick(0, TimeSpan.FromSeconds(60)));
        Assert.Equal(KeepAliveStep.Dead, keepAlive.Tick(0, interval));
    }

    [Fact]
    public void Credit_never_exceeds_the_window_and_always_comes_again()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            Random random = new(seed);
            CreditWindow credit = new(random.Next(1, 2000), 64 * 1024);
            long granted = credit.Start(), received = 0, read = 0;
            Assert.InRange(granted, 1, 256);
            for (int step = 0; step < 500; step++)
            {
                int arrive = (int)Math.Min(granted - received, random.Next(0, 50));
                if (arrive > 0) credit.OnReceived(arrive, arrive * (long)random.Next(10, 4000));
                received += arrive;
                long take = Math.Min(received - read, random.Next(0, 50));
                read += take;
                long more = credit.OnRead(take);
                granted += more;
                if (more > 0) Assert.True(granted - read <= credit.Window);
            }

            // A reader that reads everything is never left without credit.
            if (granted > received) credit.OnReceived((int)(granted - received), 100 * (granted - received));
            Assert.True(credit.OnRead(granted - read) > 0);
        }
    }

    [Fact]
    public void A_window_of_one_asks_for_each_message()
    {
        CreditWindow credit = new(1, 1024);
        Assert.Equal(1, credit.Start());
        for (int i = 0; i < 5; i++)
        {
            credit.OnReceived(1, 10);
            Assert.Equal(1, credit.OnRead(1));
        }
    }

    [Fact]
    public void Large_messages_shrink_the_window_and_small_ones_open_it()
    {
        CreditWindow credit = new(10_000, 1 << 20);
        credit.Start();
        for (int i = 0; i < 50; i++) credit.OnReceived(1, 1 << 18);
        Assert.Equal(4, credit.Window);
        for (int i = 0; i < 200; i++) credit.OnReceived(10, 1000);
        Assert.InRange(credit.Window, 5_000, 10_000);
    }

    [Fact]
    public void After_a_reconnect_what_still_waits_counts_against_the_credit()
    {
        CreditWindow credit = new(100, 1 << 20);
        Assert.Equal(16, credit.Start());
        credit.OnReceived(16, 160);
        Assert.Equal(84, credit.OnRead(0));
        credit.OnReceived(84, 840);
        Assert.Equal(0, credit.OnRead(20));
        Assert.Equal(20, credit.Start());
        credit.OnReceived(20, 200);
        Assert.Equal(0, credit.OnRead(40));
        Assert.Equal(50, credit.OnRead(10));
        Assert.Equal(50, credit.OnRead(50));
    }

    [Fact]
    public void After_a_reconnect_with_nothing_read_there_is_no_credit_until_something_is()
    {
        CreditWindow credit = new(1, 1024);
        Assert.Equal(1, credit.Start());
        credit.OnReceived(1, 10);
        Assert.Equal(0, credit.Start());
        Assert.Equal(1, credit.OnRead(1));
    }

    [Fact]
    public void Receipts_of_other_fences_are_carried_to_the_next_flush()
    {
        FenceQueue fences = new();
        Fence ping = fences.Add(FenceUse.Other, 3), flush = fences.Add(FenceUse.Flush, 5), second = fences.Add(FenceUse.Flush, 5);
        Assert.Null(fences.Pass(flush.Token, null, out _));
        Assert.Same(ping, fences.Pass(ping.Token, new Receipt(3, 4, 1), out _));
        Assert.Equal(3, fences.Confirmed);
        Assert.Same(flush, fences.Pass(flush.Token, new Receipt(2, 2, 0), out Receipt total));
        Assert.Equal(new Receipt(5, 6, 1), total);
        Assert.Same(second, fences.Pass(second.Token, null, out total));
        Assert.Equal(default, total);
        Assert.Null(fences.Pass(second.Token, null, out _));
        Fence last = fences.Add(FenceUse.Other, 9);
        Assert.Same(last, Assert.Single(fences.Abandon()));
        Assert.NotEqual(last.Token, fences.Add(FenceUse.Other, 0).Token);
    }

    [Fact]
    public void Options_outside_their_range_are_refused_when_the_client_is_made()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new UdsBrokerClient(new UdsBrokerOptions { ConnectTimeout = TimeSpan.Zero }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UdsBrokerClient(new UdsBrokerOptions { WriteBufferBytes = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UdsBrokerClient(new UdsBrokerOptions { MaxPingsOut = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UdsBrokerClient(new UdsBrokerOptions { Reconnect = new ReconnectOptions { Jitter = 1.1 } }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UdsBrokerClient(new UdsBrokerOptions { Reconnect = new ReconnectOptions { MaxDelay = TimeSpan.Zero } }));
    }

    [Fact]
    public void Times_that_no_timer_holds_are_refused_when_they_are_set()
    {
        TimeSpan tooLong = TimeSpan.FromDays(50);
        UdsBrokerOptions[] wrong =
        [
            new() { ConnectTimeout = tooLong },
            new() { DrainTimeout = tooLong },
            new() { RequestTimeout = tooLong },
            new() { PingInterval = tooLong },
            new() { Reconnect = new ReconnectOptions { MaxDelay = tooLong } },
        ];
        Assert.All(wrong, options => Assert.Throws<ArgumentOutOfRangeException>(() => new UdsBrokerClient(options)));
        Assert.Throws<ArgumentOutOfRangeException>(new RequestManyOptions { QuietGap = tooLong }.Validate);
        Assert.Throws<ArgumentOutOfRangeException>(new RequestManyOptions { Deadline = tooLong }.Validate);
    }

    [Fact]
    public async Task The_longest_times_that_may_be_set_work()
    {
        TimeSpan longest = TimeSpan.FromDays(49);
        await using RoutingBroker broker = new();
        UdsBrokerClient client = new(broker.Options with { ConnectTimeout = longest, DrainTimeout = longest, RequestTimeout = longest, PingInterval = longest });
        await using Subscription subscription = await client.SubscribeAsync("a", cancellationToken: FakeBroker.Token);
        await foreach (Message _ in client.RequestManyAsync("nobody", default, cancellationToken: FakeBroker.Token)) Assert.Fail("nobody answers");
        await client.DisposeAsync();
        Assert.False(await subscription.WaitToReadAsync(FakeBroker.Token));
    }

    [Fact]
    public void Subjects_that_repeat_are_one_string()
    {
        SubjectCache cache = new();
        for (int i = 0; i < 10_000; i++) Assert.Equal($"s.{i}", cache.Get(System.Text.Encoding.UTF8.GetBytes($"s.{i}")));
        Assert.Same(cache.Get("a.b"u8), cache.Get("a.b"u8));
    }
}
