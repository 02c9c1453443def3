using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Tests.Load;

/// <summary>Whose work is next when several users wait.</summary>
public sealed class UserTurnsTests
{
    private readonly UserTurns<string> _turns = new();

    [Fact]
    public void Users_take_turns_and_what_one_user_asked_for_keeps_its_order()
    {
        foreach (var work in new[] { "1a", "1b", "1c", "2a", "1d", "3a", "3b", "2b" }) Add(work);
        Assert.Equal("1a 2a 3a 1b 2b 3b 1c 1d", Take(8));
        Assert.True(_turns.IsEmpty);
    }

    [Fact]
    public void A_user_with_much_work_is_overtaken_by_one_with_a_single_piece()
    {
        for (var i = 0; i < 1000; i++) Add("1a");
        Assert.Equal("1a", Take(1));
        Add("2a");
        Assert.Equal("1a 2a 1a", Take(3));
        Add("2b");
        Assert.Equal("1a 2b", Take(2));
    }

    [Fact]
    public void Users_whom_the_kernel_cannot_name_are_one_user()
    {
        _turns.Add(null, "one");
        _turns.Add(null, "two");
        _turns.Add(uint.MaxValue, "three");
        Assert.Equal("one three two", Take(3));
        Assert.False(_turns.TryTake(out _));
    }

    private void Add(string work) => _turns.Add((uint)(work[0] - '0'), work);

    private string Take(int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => _turns.TryTake(out var work) ? work : "none"));
}
