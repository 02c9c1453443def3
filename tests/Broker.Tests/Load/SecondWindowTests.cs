using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Tests.Load;

/// <summary>A number of events within a second, which begins with the first of them.</summary>
public sealed class SecondWindowTests
{
    private SecondWindow _window;

    [Fact]
    public void The_first_second_has_no_more_than_any_other()
    {
        var taken = 0;
        for (var now = 5000; now < 6000; now++)
        {
            while (_window.WaitFor(3, now) == TimeSpan.Zero)
            {
                _window.Take(now);
                taken++;
            }
        }

        Assert.Equal(3, taken);
    }

    [Fact]
    public void The_second_begins_with_the_first_of_it_however_long_nothing_was_taken_before()
    {
        _window.Take(100);
        _window.Take(1099);
        Assert.Equal(TimeSpan.FromMilliseconds(1), _window.WaitFor(2, 1099));

        _window.Take(7000);
        Assert.Equal(TimeSpan.Zero, _window.WaitFor(2, 7000));
        _window.Take(7400);
        Assert.Equal(TimeSpan.FromMilliseconds(600), _window.WaitFor(2, 7400));
    }

    [Fact]
    public void At_and_after_the_edge_of_the_second_there_is_nothing_to_wait_for()
    {
        _window.Take(100);

        Assert.Equal(TimeSpan.FromMilliseconds(1), _window.WaitFor(1, 1099));
        Assert.All([1100, 1101, 5000], now => Assert.Equal(TimeSpan.Zero, _window.WaitFor(1, now)));
        Assert.True(_window.IsOverAt(1100));
    }
}
