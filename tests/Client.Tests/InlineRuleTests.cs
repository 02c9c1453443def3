namespace UdsBroker.Client.Tests;

/// <summary>When application code may run on the reading thread, and when not; times are plain numbers here.</summary>
public class InlineRuleTests
{
    private const long Second = 1_000_000;
    private const long Short = 10;
    private const long Long = 1000;

    private readonly InlineRule _rule = new(Second);

    [Fact]
    public void Short_code_stays_on_the_reading_thread_and_a_long_turn_now_and_then_changes_nothing()
    {
        for (long turn = 0; turn < 1000; turn++)
        {
            _rule.OnTurn(turn % 3 == 0 ? Long : Short, 1, turn);
            Assert.True(_rule.Allows(turn));
        }
    }

    [Fact]
    public void What_counts_is_the_time_of_each_piece_of_code_and_not_how_many_there_were()
    {
        for (long turn = 0; turn < 100; turn++) _rule.OnTurn(64 * Short, 64, turn);
        Assert.True(_rule.Allows(100));
    }

    [Fact]
    public void Code_that_is_long_most_of_the_time_leaves_for_a_while_that_doubles()
    {
        long now = 0;
        foreach (long pause in new long[] { 1, 2, 4, 8, 16, 32, 60, 60 })
        {
            for (int turn = 0; turn < 8; turn++)
            {
                Assert.True(_rule.Allows(now));
                _rule.OnTurn(Long, 1, now);
            }

            Assert.False(_rule.Allows(now + (pause * Second) - 1));
            now += pause * Second;
        }
    }

    [Fact]
    public void Once_stuck_is_enough_to_leave_and_a_long_good_time_is_remembered()
    {
        _rule.OnStuck(0);
        Assert.False(_rule.Allows(Second - 1));
        _rule.OnStuck(Second);
        Assert.False(_rule.Allows((3 * Second) - 1));
        long later = 100 * Second;
        Assert.True(_rule.Allows(later));
        _rule.OnStuck(later);
        Assert.True(_rule.Allows(later + Second));
    }
}
