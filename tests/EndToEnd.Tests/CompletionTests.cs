namespace UdsBroker.EndToEnd.Tests;

/// <summary>packaging/udsb.bash in a real bash(1).</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("cl", "clients")]
    [InlineData("sub a --overflow drop-n", "drop-newest")]
    [InlineData("--socket /tmp/x.sock pub a --rec", "--receipt")]
    public async Task Bash_completes_what_the_program_takes(string typed, string expected)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "udsb.bash");
        await using var bash = ChildProcess.StartAs(
            ["bash", "-c", "source \"$1\"; COMP_LINE=\"$0 $2\" COMP_POINT=$((${#0} + 1 + ${#2})) COMP_WORDS=(\"$0\" $2); _udsb \"$0\" \"${2##* }\"; printf '%s\\n' \"${COMPREPLY[@]}\" >&2"],
            "udsb", [script, typed], "/dev/null");

        Assert.Equal(0, await bash.WaitForExitAsync());
        Assert.Equal(expected, bash.Errors);
    }
}
