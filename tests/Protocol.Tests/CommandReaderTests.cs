namespace UdsBroker.Protocol.Tests;

/// <summary>
/// What the scanner lets pass and the reader judges: options that are wrong are errors, fixed parts that are wrong are violations.
/// </summary>
public sealed class CommandReaderTests
{
    [Theory]
    [InlineData("94 03 07 A1 61 81 A5 71 75 65 75 65 05", 7u, "SUBSCRIBE: the option queue must be a str of 1 to 255 bytes")]
    [InlineData("94 03 07 A1 61 81 A5 71 75 65 75 65 A0", 7u, "SUBSCRIBE: the option queue must be a str of 1 to 255 bytes")]
    [InlineData("94 03 07 A1 61 81 A6 63 72 65 64 69 74 FF", 7u, "SUBSCRIBE: the option credit must be an integer from 0 to 18446744073709551615")]
    [InlineData("94 03 07 A1 61 81 A6 63 72 65 64 69 74 A1 31", 7u, "SUBSCRIBE: the option credit must be an integer from 0 to 18446744073709551615")]
    [InlineData("94 03 07 A1 61 81 A7 70 65 6E 64 69 6E 67 00", 7u, "SUBSCRIBE: the option pending must be an integer from 1 to 18446744073709551615")]
    [InlineData("94 03 07 A1 61 81 A8 6F 76 65 72 66 6C 6F 77 A4 44 72 6F 70", 7u, "SUBSCRIBE: the option overflow must be one of block, drop-oldest, drop-newest, latest, disconnect")]
    [InlineData("94 03 07 A1 61 81 A8 6F 76 65 72 66 6C 6F 77 C3", 7u, "SUBSCRIBE: the option overflow must be a str")]
    [InlineData("94 03 07 A1 61 81 A8 72 65 74 61 69 6E 65 64 01", 7u, "SUBSCRIBE: the option retained must be true or false")]
    [InlineData("94 04 07 C0 81 A5 64 72 61 69 6E 01", 7u, "UNSUBSCRIBE: the option drain must be true or false")]
    [InlineData("93 01 01 81 A4 6E 61 6D 65 C3", null, "HELLO: the option name must be a str")]
    [InlineData("93 01 01 81 A4 77 69 6C 6C A1 78", null, "HELLO: the option will must be a map")]
    [InlineData("93 01 01 81 A4 77 69 6C 6C 80", null, "HELLO: the option will.subject must be a str of 1 to 255 bytes")]
    [InlineData("93 01 01 81 A4 77 69 6C 6C 81 A7 73 75 62 6A 65 63 74 A0", null, "HELLO: the option will.subject must be a str of 1 to 255 bytes")]
    [InlineData("93 01 01 81 A4 77 69 6C 6C 82 A7 73 75 62 6A 65 63 74 A1 61 A7 70 61 79 6C 6F 61 64 A1 78", null, "HELLO: the option will.payload must be a bin")]
    [InlineData("93 01 01 81 A4 77 69 6C 6C 82 A7 73 75 62 6A 65 63 74 A1 61 A7 68 65 61 64 65 72 73 81 A1 6B 07", null, "HELLO: the option headers.k must be a str")]
    [InlineData("93 01 01 81 A4 77 69 6C 6C 82 A7 73 75 62 6A 65 63 74 A1 61 A7 68 65 61 64 65 72 73 90", null, "HELLO: the option will.headers must be a map")]
    [InlineData("93 01 01 81 A4 77 69 6C 6C 82 A7 73 75 62 6A 65 63 74 A1 61 A5 72 65 70 6C 79 05", null, "HELLO: the option will.reply must be a str of 1 to 255 bytes")]
    [InlineData("94 02 01 C4 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 81 A6 6C 69 6D 69 74 73 05", null, "WELCOME: the option limits must be a map")]
    [InlineData("94 02 01 C4 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 81 A3 70 69 64 CE FF FF FF FF", null, "WELCOME: the option pid must be an integer from 0 to 2147483647")]
    public void A_known_option_that_is_wrong_is_an_error_that_names_what_is_allowed(string hex, uint? sid, string message)
    {
        CommandFault fault = Fault(hex);
        Assert.Equal(new CommandFault(IsViolation: false, ErrorCode.BadOption, message, sid), fault);
    }

    [Theory]
    [InlineData("94 03 07 A1 61 82 A5 71 75 65 75 65 A1 61 A5 71 75 65 75 65 A1 61", 7u, "SUBSCRIBE: the option queue must be given once")]
    [InlineData("94 03 07 A1 61 83 A6 63 72 65 64 69 74 01 A1 3F 80 A6 63 72 65 64 69 74 02", 7u, "SUBSCRIBE: the option credit must be given once")]
    [InlineData("94 04 07 C0 82 A5 64 72 61 69 6E C3 A5 64 72 61 69 6E C3", 7u, "UNSUBSCRIBE: the option drain must be given once")]
    [InlineData("93 01 01 82 A4 6E 61 6D 65 A1 61 A4 6E 61 6D 65 92 01 02", null, "HELLO: the option name must be given once")]
    [InlineData("93 01 01 81 A4 77 69 6C 6C 82 A7 73 75 62 6A 65 63 74 A1 61 A7 73 75 62 6A 65 63 74 A1 62", null, "HELLO: the option will.subject must be given once")]
    [InlineData("94 02 01 C4 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 82 A3 70 69 64 01 A3 70 69 64 01", null, "WELCOME: the option pid must be given once")]
    [InlineData("94 02 01 C4 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 81 A6 6C 69 6D 69 74 73 82 A9 6D 61 78 2D 64 65 70 74 68 08 A9 6D 61 78 2D 64 65 70 74 68 08", null, "WELCOME: the option limits.max-depth must be given once")]
    public void A_known_option_that_comes_twice_is_an_error_that_names_it(string hex, uint? sid, string message) =>
        Assert.Equal(new CommandFault(IsViolation: false, ErrorCode.BadOption, message, sid), Fault(hex));

    [Fact]
    public void A_receipt_of_two_numbers_is_not_completed_by_what_follows_it() =>
        Assert.False(CommandReader.TryReadPong(Hex.Bytes("94 07 01 92 01 02 03"), out ulong _, out Receipt? _));

    [Fact]
    public void Of_an_option_that_comes_twice_a_hello_has_the_first()
    {
        byte[] frame = Hex.Bytes("93 01 01 84 A4 6E 61 6D 65 A1 61 A4 6E 61 6D 65 A1 62 A4 6C 61 6E 67 A1 63 A4 6E 61 6D 65 07");
        Assert.False(CommandReader.TryReadHello(frame, out HelloCommand? hello, out _));
        Assert.Equal(new HelloCommand(1, new HelloOptions { Name = "a", Lang = "c" }), hello);
    }

    [Fact]
    public void An_unknown_option_may_come_twice()
    {
        byte[] frame = Hex.Bytes("94 03 07 A1 61 83 A1 3F 01 A1 3F 80 A6 63 72 65 64 69 74 05");
        Assert.True(CommandReader.TryReadSubscribe(frame, out SubscribeCommand? command, out _));
        Assert.Equal(5u, command.Options.Credit);
    }

    [Fact]
    public void A_hello_with_a_wrong_option_is_a_hello_without_it()
    {
        byte[] frame = Hex.Bytes("93 01 01 84 A4 6E 61 6D 65 92 01 02 A4 6C 61 6E 67 A1 63 A1 3F 80 A7 76 65 72 73 69 6F 6E A1 31");
        Assert.False(CommandReader.TryReadHello(frame, out HelloCommand? hello, out CommandFault fault));
        Assert.Equal("HELLO: the option name must be a str", fault.Message);
        Assert.Equal(new HelloCommand(1, new HelloOptions { Lang = "c", LibraryVersion = "1" }), hello);
    }

    [Fact]
    public void A_hello_with_a_wrong_will_is_a_hello_without_any_of_it()
    {
        byte[] frame = Hex.Bytes("93 01 01 82 A4 77 69 6C 6C 82 A7 73 75 62 6A 65 63 74 A1 61 A7 70 61 79 6C 6F 61 64 05 A4 6E 61 6D 65 A1 78");
        Assert.False(CommandReader.TryReadHello(frame, out HelloCommand? hello, out CommandFault fault));
        Assert.Equal("HELLO: the option will.payload must be a bin", fault.Message);
        Assert.Equal(new HelloCommand(1, new HelloOptions { Name = "x" }), hello);
    }

    [Theory]
    [InlineData("A1 30", "a str")]
    [InlineData("91 A1 30", "a str in the array")]
    [InlineData("91 CF 00 00 00 01 00 00 00 00", "a number of more than 32 bits")]
    [InlineData("DC 01 01", "more than 256")]
    public void Groups_that_are_no_array_of_numbers_are_an_error(string groups, string what)
    {
        byte[] value = Hex.Bytes(groups);
        byte[] rest = what == "more than 256" ? new byte[257] : [];
        byte[] frame = [.. Hex.Bytes("94 02 01 C4 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 82 A6 67 72 6F 75 70 73"), .. value, .. rest, .. Hex.Bytes("A3 70 69 64 07")];
        Assert.False(CommandReader.TryReadWelcome(frame, out _, out CommandFault fault));
        Assert.Equal((false, "WELCOME: the option groups must be an array of at most 256 integers"), (fault.IsViolation, fault.Message));
    }

    [Fact]
    public void A_limit_beyond_its_range_is_an_error()
    {
        byte[] welcome = Commands.Write(new WelcomeCommand(1, Guid.Empty, new WelcomeInfo { Limits = Limits.Default with { MaxDepth = 65 } }));
        Assert.False(CommandReader.TryReadWelcome(welcome, out _, out CommandFault fault));
        Assert.Equal("WELCOME: max-depth is 65; allowed is 4 to 64", fault.Message);
    }

    [Theory]
    [InlineData("93 01 A1 31 80", "HELLO: an element of the frame has another type than its place demands")]
    [InlineData("93 01 FF 80", "HELLO: a number in the frame is negative or larger than its place allows")]
    [InlineData("93 01 CF 00 00 00 01 00 00 00 00 80", "HELLO: a number in the frame is negative or larger than its place allows")]
    [InlineData("93 01 01 05", "HELLO: an element of the frame has another type than its place demands")]
    [InlineData("93 01 01 81 A4 6E 61 6D 65 A1 FF", "HELLO: a str in the frame is not valid UTF-8")]
    [InlineData("93 01 01 81 A1 FF C0", "HELLO: a str in the frame is not valid UTF-8")]
    [InlineData("94 02 01 C4 0F 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 C0", "WELCOME: a number in the frame is negative or larger than its place allows")]
    [InlineData("94 02 01 A1 69 C0", "WELCOME: an element of the frame has another type than its place demands")]
    [InlineData("94 03 C0 A1 61 C0", "SUBSCRIBE: an element of the frame has another type than its place demands")]
    [InlineData("94 03 01 C4 01 61 C0", "SUBSCRIBE: an element of the frame has another type than its place demands")]
    [InlineData("94 03 01 A1 FF C0", "SUBSCRIBE: a str in the frame is not valid UTF-8")]
    [InlineData("94 03 CF 00 00 00 01 00 00 00 00 A1 61 C0", "SUBSCRIBE: a number in the frame is negative or larger than its place allows")]
    [InlineData("93 04 01 FF", "UNSUBSCRIBE: a number in the frame is negative or larger than its place allows")]
    [InlineData("94 04 01 C0 01", "UNSUBSCRIBE: an element of the frame has another type than its place demands")]
    [InlineData("92 06 A1 31", "PING: an element of the frame has another type than its place demands")]
    [InlineData("92 06 CB 3F F0 00 00 00 00 00 00", "PING: an element of the frame has another type than its place demands")]
    [InlineData("93 07 01 92 01 02", "PONG: the frame has fewer elements than its kind demands")]
    [InlineData("93 07 01 93 01 02 C0", "PONG: an element of the frame has another type than its place demands")]
    [InlineData("93 07 01 01", "PONG: an element of the frame has another type than its place demands")]
    [InlineData("94 08 01 C4 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01", "DELIVER: an element of the frame has another type than its place demands")]
    [InlineData("94 08 91 01 C4 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00", "DELIVER: a number in the frame is negative or larger than its place allows")]
    [InlineData("94 08 91 C0 C4 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01", "DELIVER: an element of the frame has another type than its place demands")]
    [InlineData("95 08 91 01 C4 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 A1 72", "DELIVER: an element of the frame has another type than its place demands")]
    [InlineData("93 07 01 94 01 02 03 C3", "PONG: an element of the frame has another type than its place demands")]
    [InlineData("94 0B 01 01 FF", "MISSED: a number in the frame is negative or larger than its place allows")]
    [InlineData("94 09 CE 00 01 00 00 A0 C0", "ERROR: a number in the frame is negative or larger than its place allows")]
    [InlineData("94 09 01 C0 C0", "ERROR: an element of the frame has another type than its place demands")]
    [InlineData("93 0A CD 01 00 A0", "GOODBYE: a number in the frame is negative or larger than its place allows")]
    [InlineData("93 0B 01 C0", "MISSED: an element of the frame has another type than its place demands")]
    [InlineData("93 0C C0 01", "CREDIT: an element of the frame has another type than its place demands")]
    public void A_fixed_part_that_is_wrong_is_a_violation(string hex, string message)
    {
        CommandFault fault = Fault(hex);
        Assert.Equal(new CommandFault(IsViolation: true, ErrorCode.None, message), fault);
        AssertDataPathReadersRefuse(Hex.Bytes(hex));
    }

    [Fact]
    public void An_option_that_is_nil_is_none_and_keys_that_are_no_text_are_ignored()
    {
        byte[] frame = Hex.Bytes("93 01 01 85 A4 6E 61 6D 65 C0 07 08 C0 C3 A4 6E 61 6D 65 A1 62 A4 6E 61 6D 65 C0");
        Assert.True(CommandReader.TryReadHello(frame, out HelloCommand? hello, out _));
        Assert.Equal(new HelloCommand(1, new HelloOptions { Name = "b" }), hello);
    }

    [Fact]
    public void An_option_after_a_true_or_false_is_read_as_one_before_it()
    {
        byte[] frame = Hex.Bytes("94 03 07 A1 61 83 A6 63 72 65 64 69 74 05 A8 72 65 74 61 69 6E 65 64 C3 A5 71 75 65 75 65 A1 71");
        Assert.True(CommandReader.TryReadSubscribe(frame, out SubscribeCommand? subscribe, out _));
        Assert.Equal(new SubscribeOptions { Credit = 5, Retained = true, Queue = "q" }, subscribe.Options);
    }

    [Fact]
    public void A_frame_of_another_kind_is_not_read()
    {
        foreach (Vector vector in Vector.All)
        {
            foreach (FrameKind kind in Enum.GetValues<FrameKind>().Where(kind => kind is not (FrameKind.None or FrameKind.Publish)))
                Assert.Equal((int)kind == vector.Frame[0]!.GetValue<int>(), Commands.TryRead(vector.Bytes, kind, out _, out _));
        }
    }

    [Fact]
    public void Limits_go_through_welcome_one_by_one()
    {
        Limits odd = new()
        {
            MaxPayloadBytes = 1001,
            MaxSubjectBytes = 102,
            MaxTokens = 13,
            MaxHeaders = 14,
            MaxHeaderBytes = 1005,
            MaxSubscriptions = 16,
            MaxHelloBytes = 1007,
            MaxControlFrameBytes = 10008,
            MaxElements = 109,
            MaxDepth = 10,
            MaxPacketBytes = 20_011,
        };
        byte[] frame = Commands.Write(new WelcomeCommand(1, Guid.Empty, new WelcomeInfo { Limits = odd }));
        Assert.True(CommandReader.TryReadWelcome(frame, out WelcomeCommand? welcome, out _));
        Assert.Equal(odd, welcome.Info.Limits);
    }

    private static CommandFault Fault(string hex)
    {
        byte[] frame = Hex.Bytes(hex);
        Assert.Equal(ScanResult.Done, FrameScanner.Scan(frame, Limits.Default, out FrameHead head));
        Assert.False(Commands.TryRead(frame, head.Kind, out object? command, out CommandFault fault));
        Assert.Equal(head.Kind == FrameKind.Hello && !fault.IsViolation, command is not null);
        return fault;
    }

    private static void AssertDataPathReadersRefuse(byte[] frame)
    {
        Assert.False(CommandReader.TryReadPing(frame, out _));
        Assert.False(CommandReader.TryReadPong(frame, out ulong _, out Receipt? _));
        Assert.False(CommandReader.TryReadDeliver(frame, new uint[8], out _, out _, out _, out _));
        Assert.False(CommandReader.TryReadMissed(frame, out uint _, out ulong _, out ulong _));
    }
}
